package dev.distill.pipeline;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Role;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a judge is asked about a trace: the question, the reference and the answer, and how to reply, after the manner of DeepSeek-R1's prompt for
 * V3 as a judge (arXiv 2501.12948, Listing 4) and of the Llama judge of OpenR1-Math. All three texts are quoted, so that none of them can pass for
 * ours: each of their lines begins with a sign that ours do not have, and what chat templates use to tell speakers apart is broken up.
 */
final class JudgePrompt {
    /** Begins every line of a text that is quoted. */
    static final String QUOTE = "> ";

    /** Of an answer the end is shown, where it says what it comes to. */
    private static final int LONGEST_ANSWER = 8_000;

    private static final String LEFT_OUT = "(the beginning is left out)\n";
    private static final Pattern FIELD = Pattern.compile("\\{(question|reference|answer)}");

    /** {@code <|im_end|>}, {@code </s>}, {@code <think>}, DeepSeek's fullwidth bars, Gemma's {@code <end_of_turn>}. */
    private static final Pattern ANGLE = Pattern.compile("<(?=[|\uff5c/A-Za-z])");

    /** {@code [INST]}, {@code [/INST]}, {@code [TOOL_CALLS]}. */
    private static final Pattern SQUARE = Pattern.compile("\\[(?=/?[A-Z_]{2,}])");

    /** Those of Unicode too, which a reader may see as the end of a line. */
    private static final Pattern LINE_END = Pattern.compile("\\R");

    private static final String TEMPLATE = template();

    private JudgePrompt() {}

    private static String template() {
        try (InputStream in = JudgePrompt.class.getResourceAsStream("judge/prompt.txt")) {
            if (in == null) {
                throw new IllegalStateException("no resource judge/prompt.txt in this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names the words that ask. */
    static String hash() {
        return Hash.of(List.of(TEMPLATE));
    }

    /** About a trace that has a reference. Two traces with the same texts are one question. */
    static Prompt of(Trace trace) {
        String reference = Objects.requireNonNull(trace.reference(), "reference");
        Map<String, String> texts = Map.of(
                "question", quoted(question(trace)),
                "reference", quoted(reference),
                "answer", quoted(end(trace.answer().strip())));
        String text = FIELD.matcher(TEMPLATE) // in one pass: a text may itself name a field
                .replaceAll(field -> Matcher.quoteReplacement(texts.getOrDefault(field.group(1), "")));
        return Prompt.of(List.of(Message.user(text)), reference, "judge");
    }

    /** The last question alone, or where it is part of a conversation all of that. */
    private static String question(Trace trace) {
        List<Message> said = trace.messages().stream()
                .filter(message -> message.role() != Role.SYSTEM)
                .toList();
        return said.size() == 1
                ? trace.question()
                : said.stream()
                        .map(message -> message.role().word() + ": " + message.content())
                        .collect(Collectors.joining("\n\n"));
    }

    private static String end(String answer) {
        if (answer.length() <= LONGEST_ANSWER) {
            return answer;
        }
        int begin = answer.length() - LONGEST_ANSWER;
        boolean inPair = Character.isLowSurrogate(answer.charAt(begin));
        return LEFT_OUT + answer.substring(inPair ? begin + 1 : begin);
    }

    private static String quoted(String text) {
        String plain = SQUARE.matcher(ANGLE.matcher(text).replaceAll("< ")).replaceAll("[ ");
        return LINE_END.splitAsStream(plain.strip()).collect(Collectors.joining("\n" + QUOTE, QUOTE, ""));
    }
}
