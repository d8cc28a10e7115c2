package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.curate.DecisionReader;
import dev.distill.data.curate.GivenVerdicts;
import dev.distill.data.query.TraceCondition;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.pipeline.CurateStage;
import dev.distill.pipeline.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Traces as {@code distill inspect} shows them: a few of many, shortened, or one with all that is known of it. */
final class TraceFigures {
    private static final ObjectMapper JSON = new ObjectMapper();

    private TraceFigures() {}

    /** A shard, or a folder of shards, finished or not. */
    static TraceReader open(Path path) throws IOException {
        return Files.isDirectory(path) && Manifest.isIn(path)
                ? TraceReader.open(path)
                : TraceReader.openWithoutManifest(path);
    }

    /** Counts all traces and shows the first; closes the reader. */
    static void describe(TraceReader opened, ObjectNode found, int rows) throws IOException {
        ArrayNode shown = JSON.createArrayNode();
        found.put("rows", count(opened, trace -> trace, _ -> true, shown, rows)[0]);
        found.set("traces", shown);
    }

    /**
     * Counts the traces of a run, a folder of shards or a shard, and those that a condition picks, and shows the first of these. Those of a run have what its
     * curation found out as verdicts.
     *
     * @param condition as it was given
     */
    static ObjectNode where(Path path, String condition, int rows) throws IOException {
        Predicate<Trace> picks = TraceCondition.of(condition);
        List<Path> ofRun = TraceStory.traces(new RunFolder(path));
        boolean came = came(path, ofRun);
        ArrayNode shown = JSON.createArrayNode();
        long all = 0;
        long picked = 0;
        try (DecisionReader decisions =
                DecisionReader.open(new RunFolder(path).curate().resolve(CurateStage.DECISIONS))) {
            for (Path folder : ofRun.isEmpty() ? List.of(path) : ofRun) {
                long[] counts = count(
                        open(folder),
                        trace -> decisions.told(came ? GivenVerdicts.STANDARD.of(trace) : trace),
                        picks,
                        shown,
                        rows);
                all += counts[0];
                picked += counts[1];
            }
        }
        ObjectNode found = JSON.createObjectNode()
                .put("path", path.toString())
                .put("kind", "traces")
                .put("where", condition)
                .put("rows", all)
                .put("matching", picked);
        found.set("traces", shown);
        return found;
    }

    /** Whether the traces of a run are as they came to its curation, not as it left them. */
    private static boolean came(Path path, List<Path> ofRun) {
        return !ofRun.isEmpty() && !ofRun.contains(new RunFolder(path).curate());
    }

    /** What is known of a trace besides. */
    @FunctionalInterface
    private interface Knowledge {
        Trace of(Trace trace) throws IOException;
    }

    /** How many there are, and how many are picked; adds to those shown as long as they are fewer than {@code rows}. */
    private static long[] count(
            TraceReader opened, Knowledge knowledge, Predicate<Trace> picks, ArrayNode shown, int rows)
            throws IOException {
        long[] counts = new long[2];
        try (TraceReader reader = opened) {
            for (; reader.hasNext(); counts[0]++) {
                Trace trace = knowledge.of(reader.next());
                if (!picks.test(trace)) {
                    continue;
                }
                counts[1]++;
                if (shown.size() < rows) {
                    shown.addObject()
                            .put("id", trace.id())
                            .put("question", Artefact.shortened(trace.question()))
                            .put("reasoning", trace.reasoning() == null ? null : Artefact.shortened(trace.reasoning()))
                            .put("answer", Artefact.shortened(trace.answer()))
                            .put("finish_reason", trace.finish().word())
                            .put("teacher", trace.teacher());
                }
            }
        }
        return counts;
    }

    /**
     * The one trace whose id begins so, whole, of a run or a stage of it with what became of it there. Verdicts with which a trace came to a run
     * are called as its curation calls them.
     *
     * @throws IllegalArgumentException if there is none, or several
     */
    static ObjectNode find(Path path, String id) throws IOException {
        List<Path> ofRun = TraceStory.traces(new RunFolder(path));
        boolean came = came(path, ofRun);
        List<Trace> matches = match(path, ofRun.isEmpty() ? List.of(path) : ofRun, id).stream()
                .map(match -> came ? GivenVerdicts.STANDARD.of(match) : match)
                .toList();
        Trace match = matches.getFirst();
        ObjectNode found = whole(match);
        if (matches.size() > 1) { // the same id again
            ArrayNode again = found.putArray("others_of_this_id");
            matches.stream().skip(1).map(TraceFigures::whole).forEach(again::add);
        }
        Path parent = path.toAbsolutePath().getParent();
        if (!ofRun.isEmpty()) {
            TraceStory.tell(new RunFolder(path), match.id(), found);
        } else if (parent != null && !TraceStory.traces(new RunFolder(parent)).isEmpty()) {
            TraceStory.tell(new RunFolder(parent), match.id(), found);
        }
        return found;
    }

    /** Those of one id. @param path as it was given */
    private static List<Trace> match(Path path, List<Path> folders, String id) throws IOException {
        List<Trace> matches = new ArrayList<>();
        for (Path folder : folders) {
            try (TraceReader reader = open(folder)) {
                while (reader.hasNext()) {
                    Trace trace = reader.next();
                    if (!trace.id().startsWith(id)) {
                        continue;
                    }
                    if (!matches.isEmpty() && !matches.getFirst().id().equals(trace.id())) {
                        throw new IllegalArgumentException("--trace " + id + ": several traces of " + path
                                + " have an id that begins so, "
                                + matches.getFirst().id() + " and " + trace.id()
                                + "; give more of it");
                    }
                    matches.add(trace);
                }
            }
        }
        if (matches.isEmpty()) {
            throw new IllegalArgumentException("--trace " + id + ": no trace of "
                    + folders.stream().map(Path::toString).collect(Collectors.joining(", "))
                    + " has an id that begins so; distill inspect " + folders.getFirst() + " --rows 10 shows some");
        }
        return matches;
    }

    private static ObjectNode whole(Trace trace) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", trace.id())
                .put("prompt_id", trace.promptId())
                .put("sample", trace.sample());
        ArrayNode messages = json.putArray("messages");
        for (Message message : trace.messages()) {
            messages.addObject().put("role", message.role().word()).put("content", message.content());
        }
        json.put("reasoning", trace.reasoning())
                .put("answer", trace.answer())
                .put("finish_reason", trace.finish().word())
                .put("reference", trace.reference())
                .put("source", trace.source())
                .put("domain", trace.domain())
                .put("licence", trace.licence())
                .put("teacher", trace.teacher());
        trace.parameters().forEach(json.putObject("parameters")::put);
        json.putObject("usage")
                .put("prompt_tokens", trace.usage().promptTokens())
                .put("cache_hit_tokens", trace.usage().cacheHitTokens())
                .put("completion_tokens", trace.usage().completionTokens())
                .put("reasoning_tokens", trace.usage().reasoningTokens());
        json.putObject("cost")
                .put("amount", trace.cost().amount().toPlainString())
                .put("currency", trace.cost().currency());
        json.put("attempts", trace.attempts())
                .put("completed_at", trace.completedAt().toString());
        ArrayNode verdicts = json.putArray("verdicts");
        for (Verdict verdict : trace.verdicts()) {
            verdicts.addObject()
                    .put("by", verdict.by())
                    .put("outcome", verdict.outcome().word())
                    .put("reason", verdict.reason());
        }
        return json.put("raw_reply", trace.rawReply());
    }
}
