package dev.distill.data.template;

import dev.distill.data.pack.Sample;
import dev.distill.data.template.RenderException.Reason;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Traces to training texts, for one student: its chat template, its tokenizer.
 *
 * <p>A training text is the prompt that inference renders, followed by {@code <think>}, the reasoning, {@code </think>},
 * the answer and the template's end of turn. It is not the template's rendering of a finished conversation: Qwen3's and
 * R1-Distill's cut the reasoning of an assistant's turn away, as history, and training would silently lose it. What the
 * template has pre-filled of this is not written twice.
 *
 * <p>Loss falls on the completion alone, the end of turn included, so that the student learns to stop. The prompt's ids
 * are always the first ids of the whole: otherwise training would see another prompt than inference, and rendering fails.
 * Immutable, safe for several threads.
 */
public final class SampleRenderer {
    /** What templates that can do both read; others ignore it. */
    private static final Map<String, Boolean> THINKING = Map.of("enable_thinking", true, "thinking", true);

    private static final Map<String, Boolean> NO_THINKING = Map.of("enable_thinking", false, "thinking", false);

    /** To be raised when a trace's sample becomes another one: samples that were made before are then made again. */
    private static final int RENDERING = 1;

    private static final String PROBE = "PROBE0ANSWER";

    /** A prompt, and what it was rendered from, without the generation prompt. */
    private record Opening(String text, Conversation conversation) {}

    private final ChatTemplate template;
    private final Tokenizer tokenizer;
    private final ThinkMarkers markers;
    private final String endOfTurn;

    /**
     * A renderer for one student.
     *
     * @throws RenderException if the template does not show how an assistant's turn ends
     */
    public SampleRenderer(ChatTemplate template, Tokenizer tokenizer, ThinkMarkers markers) {
        this.template = template;
        this.tokenizer = tokenizer;
        this.markers = markers;
        this.endOfTurn = findEndOfTurn();
    }

    /** Names all that a trace's sample depends on beside the trace: two renderers of one fingerprint make the same samples. */
    public String fingerprint() {
        return Hash.of(List.of(
                Integer.toString(RENDERING),
                template.fingerprint(),
                tokenizer.sha256(),
                markers.toString(),
                endOfTurn));
    }

    /** What stands around the reasoning in this student's texts. */
    public ThinkMarkers markers() {
        return markers;
    }

    /** The text at which generation stops: what the template writes after an assistant's content. */
    public String endOfTurn() {
        return endOfTurn;
    }

    /**
     * What inference gives the model. With reasoning, the text as the template renders it unasked, unless it then closes
     * the reasoning at once; without, the text that the template renders when told not to think.
     *
     * @throws RenderException if the template leaves no room for reasoning
     */
    public String prompt(List<Message> messages, boolean reasoning) {
        return prompt(Conversation.of(messages), reasoning);
    }

    /** The same for a conversation that goes on, in which the assistant has spoken before. */
    public String prompt(Conversation conversation, boolean reasoning) {
        return opening(conversation, reasoning).text;
    }

    private Opening opening(Conversation conversation, boolean reasoning) {
        if (!reasoning) {
            return opening(conversation, NO_THINKING);
        }
        Opening unasked = opening(conversation, Map.of());
        Opening opening = closed(unasked.text) ? opening(conversation, THINKING) : unasked;
        if (closed(opening.text)) {
            throw new RenderException(
                    Reason.REASONING_CLOSED,
                    "sample: the chat template ends its prompt with " + markers.end()
                            + ", so that no reasoning can follow; train without reasoning, or remove a switch such as"
                            + " /no_think from the messages");
        }
        return opening;
    }

    private Opening opening(Conversation plain, Map<String, Boolean> variables) {
        Conversation conversation = plain.withVariables(variables);
        return new Opening(template.render(conversation.withGenerationPrompt()).text(), conversation);
    }

    /** Where the reasoning of a reply to this prompt begins, for {@link ReasoningSplitter}. */
    public ReasoningSplitter.Start start(String prompt) {
        return open(prompt) ? ReasoningSplitter.Start.IN_PROMPT : ReasoningSplitter.Start.IN_COMPLETION;
    }

    /**
     * The training text of a trace, with its reasoning. A trace that has none is rendered {@link #withoutReasoning}.
     *
     * @throws RenderException if training would not see what inference does
     */
    public RenderedSample render(Trace trace) {
        String reasoning = trace.reasoning();
        if (reasoning == null || reasoning.isBlank()) {
            return withoutReasoning(trace);
        }
        refuse(trace, "reasoning", reasoning, markers.start(), markers.end(), endOfTurn);
        Opening opening = opening(Conversation.of(trace.messages()), true);
        String thinking = reasoning.strip() + "\n" + markers.end() + "\n\n";
        if (!open(opening.text)) {
            return sample(trace, opening, markers.start() + "\n" + thinking);
        }
        return sample(trace, opening, opening.text.endsWith(markers.start()) ? "\n" + thinking : thinking);
    }

    /** The same trace's answer alone: what the twin learns from that shows whether reasoning helped. */
    public RenderedSample withoutReasoning(Trace trace) {
        Opening opening = opening(Conversation.of(trace.messages()), false);
        return sample(trace, opening, open(opening.text) ? markers.end() + "\n\n" : "");
    }

    private boolean open(String prompt) {
        return prompt.stripTrailing().endsWith(markers.start());
    }

    private boolean closed(String prompt) {
        return prompt.stripTrailing().endsWith(markers.end());
    }

    private RenderedSample sample(Trace trace, Opening opening, String thinking) {
        String prompt = opening.text;
        String answer = trace.answer().strip();
        refuse(trace, "answer", answer, endOfTurn);
        checkHistory(trace, opening, answer);
        String text = prompt + thinking + answer + endOfTurn;
        int[] promptIds = tokenizer.encode(prompt);
        int[] ids = tokenizer.encode(text);
        int same = Arrays.mismatch(promptIds, ids);
        if (same >= 0 && same < promptIds.length) {
            int[] from = Arrays.copyOfRange(promptIds, same, Math.min(same + 3, promptIds.length));
            int[] to = Arrays.copyOfRange(ids, same, Math.min(same + 3, ids.length));
            throw parts(trace, "token", same, tokenizer.decode(from, false), tokenizer.decode(to, false));
        }
        List<Sample.Span> completion = List.of(new Sample.Span(promptIds.length, ids.length));
        return new RenderedSample(text, prompt.length(), new Sample(trace.id(), ids, completion));
    }

    /** The template must not render the messages before an answer in another way once the answer is there. */
    private void checkHistory(Trace trace, Opening opening, String answer) {
        String before = template.render(opening.conversation).text();
        String after = template.render(opening.conversation.withAnswer(answer)).text();
        int same = commonPrefix(before, after);
        if (same < before.length() && same < commonPrefix(before, opening.text)) {
            throw parts(trace, "character", same, from(before, same), from(after, same));
        }
    }

    private static RenderException parts(Trace trace, String unit, int at, String inference, String training) {
        return new RenderException(
                Reason.PARTS_FROM_INFERENCE,
                "sample of trace " + trace.id() + ": training must see the prompt that inference sees; they part at "
                        + unit + " " + at + ": inference has \"" + inference + "\", training \"" + training
                        + "\"; the chat template or the tokenizer joins prompt and completion");
    }

    private static int commonPrefix(String a, String b) {
        int i = 0;
        while (i < Math.min(a.length(), b.length()) && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return i;
    }

    private static String from(String text, int at) {
        return text.substring(at, Math.min(at + 30, text.length()));
    }

    private static void refuse(Trace trace, String part, String text, String... marks) {
        for (String mark : marks) {
            int at = text.indexOf(mark.strip());
            if (at >= 0) {
                throw new RenderException(
                        Reason.MARKER_IN_TEXT,
                        "sample of trace " + trace.id() + ": its " + part + " holds \"" + mark.strip()
                                + "\" at character " + at + ", which the student would take for the mark itself;"
                                + " drop the trace or split the reply again");
            }
        }
    }

    private String findEndOfTurn() {
        String text = template.render(List.of(Message.user("PROBE0QUESTION"), Message.assistant(PROBE)), false);
        int at = text.lastIndexOf(PROBE);
        if (at < 0) {
            throw new RenderException(
                    Reason.NO_END_OF_TURN, "sample: the chat template leaves an assistant's content out");
        }
        String tail = text.substring(at + PROBE.length()).stripTrailing();
        if (tail.isEmpty()) {
            String end = template.specialToken("eos_token");
            if (end == null) {
                throw new RenderException(
                        Reason.NO_END_OF_TURN,
                        "sample: the chat template writes nothing after an assistant's content, and there is no"
                                + " eos_token; the student would never learn to stop");
            }
            return end;
        }
        return upToSpecialToken(tail);
    }

    /** Generation stops at the first special token; what a template writes after it is the next turn's. */
    private String upToSpecialToken(String tail) {
        int[] ids = tokenizer.encode(tail);
        for (int i = 0; i < ids.length; i++) {
            if (tokenizer.decode(new int[] {ids[i]}, true).isEmpty()) {
                String upToHere = tokenizer.decode(Arrays.copyOf(ids, i + 1), false);
                return tail.startsWith(upToHere) ? upToHere : tail;
            }
        }
        return tail;
    }
}
