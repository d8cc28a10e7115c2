package dev.distill.eval.manner;

import dev.distill.data.curate.TraceFilter;
import dev.distill.data.curate.TraceWords;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A response with its question, in the form that the filters of curation look at. For one thread at a time. */
public final class Reply {
    private final Question question;
    private final Response response;
    private final Trace trace;
    private final TraceWords words;
    private final Map<TraceFilter, List<Verdict>> findings = new HashMap<>();

    public Reply(Question question, Response response) {
        this.question = question;
        this.response = response;
        this.trace = response.trace(question);
        this.words = new TraceWords(trace);
    }

    public Question question() {
        return question;
    }

    public Response response() {
        return response;
    }

    /** All that a filter says of it; asked again, it is not read again. */
    List<Verdict> findings(TraceFilter filter) {
        return findings.computeIfAbsent(filter, one -> one.findings(trace, words));
    }

    /** Its characters, as people count them. */
    static int characters(String text) {
        return text.codePointCount(0, text.length());
    }
}
