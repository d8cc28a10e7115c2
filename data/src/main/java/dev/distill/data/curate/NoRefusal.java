package dev.distill.data.curate;

import dev.distill.data.answer.AnswerExtractor;
import dev.distill.data.answer.Extracted.Source;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies that refuse the task: at the start of the answer, or as the start of the reasoning; reasoning that makes up
 * its mind to refuse, where the answer evades too; and answers that recite official statements ({@link OfficialPosition}).
 * Clear words ("I'm sorry, but I can't help with that") always count; words that honest working uses too ("I cannot
 * determine ...") count only where no answer is stated. A step such as "I cannot divide 7 by 2 evenly" is none.
 *
 * <p>The verdict's name ends with the topic ({@link RefusalTopic}), so that refusals are counted and kept or dropped by it:
 * {@code refusal:politics_china}.
 */
public record NoRefusal() implements TraceFilter {
    public static final String NAME = "refusal";

    /** How much of the start of a text is looked at, in characters. */
    private static final int START = 300;

    /** How much of an answer to evasive reasoning. */
    private static final int LONGER_START = 600;

    /** Where a letter or a scene was asked for, a refusal in it stands further behind than here. */
    private static final int OPENING = 30;

    private static final Pattern ASKS_FOR_TEXT = Pattern.compile(
            "\\b(?:write|draft|compose|translat\\w+|e-?mail|letter|reply|message|dialogue|story|script|role-?play|poem|rewrite|paraphrase|summari[sz]e)\\b|写|翻译|改写|邮件|信|对话|故事",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern SALUTATION = Pattern.compile(
            "(?:\\*\\*)?(?:subject|dear|hi|hello|to|from|尊敬的|亲爱的|主题)\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final AnswerExtractor STATED =
            AnswerExtractor.of(EnumSet.of(Source.BOXED, Source.STATED, Source.NUMBER));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        return check(trace, new TraceWords(trace));
    }

    @Override
    public Verdict check(Trace trace, TraceWords words) {
        return findings(trace, words).getFirst();
    }

    /** A refusal has one topic; an official position that is recited beside it is another kind. */
    @Override
    public List<Verdict> findings(Trace trace, TraceWords words) {
        Map<String, Verdict> found = new LinkedHashMap<>();
        Verdict refused = inAnswer(trace);
        add(refused, found);
        add(recited(trace, words.answer()), found);
        add(refused == null ? inReasoning(trace) : null, found);
        return found.isEmpty() ? List.of(Verdict.pass(NAME, "no refusal")) : List.copyOf(found.values());
    }

    private static void add(@Nullable Verdict verdict, Map<String, Verdict> found) {
        if (verdict != null) {
            found.putIfAbsent(verdict.by(), verdict);
        }
    }

    private static @Nullable Verdict inAnswer(Trace trace) {
        String start = start(trace.answer(), START);
        if (Refusals.hasWord(start)) {
            Matcher clear = Refusals.CLEAR.matcher(start);
            if (clear.find() && !isAskedFor(trace.question(), start, clear.start())) {
                return refusal("answer", trace, clear.group());
            }
            Matcher doubtful = Refusals.DOUBTFUL.matcher(start);
            if (doubtful.find()
                    && STATED.extract(trace.answer()).isEmpty()
                    && !isAskedFor(trace.question(), start, doubtful.start())) {
                return refusal("answer", trace, "without a result: " + doubtful.group());
            }
        }
        return null;
    }

    private static @Nullable Verdict recited(Trace trace, Reading answer) {
        String recited = OfficialPosition.find(answer, () -> RefusalTopic.POLITICS_CHINA.in(trace.question()));
        return recited == null ? null : refusal("answer", RefusalTopic.POLITICS_CHINA, "official position: " + recited);
    }

    private static @Nullable Verdict inReasoning(Trace trace) {
        String reasoning = trace.reasoning() == null ? "" : trace.reasoning();
        String start = start(reasoning, START);
        if (Refusals.hasWord(start)) {
            Matcher clear = Refusals.CLEAR.matcher(start);
            if (clear.find() && !isAskedFor(trace.question(), start, clear.start())) {
                return refusal("reasoning", trace, clear.group());
            }
        }
        String answer = start(trace.answer(), LONGER_START);
        if (trace.answer().length() > LONGER_START
                || !Refusals.WEAK.matcher(answer).find()) {
            return null;
        }
        Matcher planned = Refusals.PLANNED.matcher(reasoning);
        return planned.find() && STATED.extract(trace.answer()).isEmpty()
                ? refusal("reasoning", trace, planned.group())
                : null;
    }

    private static Verdict refusal(String where, Trace trace, String found) {
        return refusal(where, RefusalTopic.of(trace.question(), trace.answer()), found);
    }

    private static Verdict refusal(String where, RefusalTopic topic, String found) {
        return Verdict.fail(NAME + ":" + topic.word(), where + " [" + topic.word() + "]: " + found.replace('\n', ' '));
    }

    /** Whether the words at this place are those of somebody in a text that the question asks for. */
    private static boolean isAskedFor(String question, String text, int at) {
        boolean quoted = text.substring(0, at).chars().filter(c -> c == '"').count() % 2 == 1
                || text.lastIndexOf('“', at) > text.lastIndexOf('”', at);
        return quoted
                || (ASKS_FOR_TEXT.matcher(question).find()
                        && (at > OPENING || SALUTATION.matcher(text).matches()));
    }

    private static String start(String text, int length) {
        String start = text.length() <= length + 50
                ? text.strip()
                : text.substring(0, length + 50).strip();
        String straight = start.replace('’', '\'');
        return straight.length() <= length ? straight : straight.substring(0, length);
    }
}
