package dev.distill.data.trace;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with the teacher's reasoning and answer: what a student learns from.
 *
 * @param id the unit that was bought, see {@link #unitId}: hash of prompt, parameters and sample number
 * @param promptId {@link Prompt#id}
 * @param sample which of the samples of this prompt, from 0
 * @param messages the conversation that was sent; the last message is the user's
 * @param reasoning the chain of thought, without its tags; null where the teacher gave none
 * @param answer what follows the reasoning
 * @param rawReply the completion as it came, before reasoning and answer were told apart
 * @param finish why the completion ended
 * @param reference the known right answer; null where there is none
 * @param source where the prompt comes from, see {@link Prompt#source}
 * @param teacher the model's name as the provider reports it
 * @param parameters the sampling parameters that took effect (a provider may ignore those asked for)
 * @param usage tokens as the provider counted them, for the attempt that succeeded
 * @param cost what this trace cost, all its attempts included
 * @param attempts requests that it took, at least 1
 * @param completedAt when the reply was complete, to the microsecond
 * @param verdicts what the checks found out, in the order in which they ran
 * @param domain the prompt's field, for example {@code maths}, {@code code} or {@code science}; null where nobody has said
 * @param licence of the prompt, as its source names it; null where nobody has said
 * @param extra what other people's formats said of it that has no place above, by their names
 */
public record Trace(
        String id,
        String promptId,
        int sample,
        List<Message> messages,
        @Nullable String reasoning,
        String answer,
        String rawReply,
        FinishReason finish,
        @Nullable String reference,
        String source,
        String teacher,
        SortedMap<String, String> parameters,
        Usage usage,
        Money cost,
        int attempts,
        Instant completedAt,
        List<Verdict> verdicts,
        @Nullable String domain,
        @Nullable String licence,
        SortedMap<String, String> extra) {

    public Trace {
        Objects.requireNonNull(id, "id");
        messages = List.copyOf(messages);
        completedAt = completedAt.truncatedTo(ChronoUnit.MICROS);
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        verdicts = List.copyOf(verdicts);
        extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
    }

    /** A trace of whose domain and licence nothing is known, and that has no more to say. */
    public Trace(
            String id,
            String promptId,
            int sample,
            List<Message> messages,
            @Nullable String reasoning,
            String answer,
            String rawReply,
            FinishReason finish,
            @Nullable String reference,
            String source,
            String teacher,
            SortedMap<String, String> parameters,
            Usage usage,
            Money cost,
            int attempts,
            Instant completedAt,
            List<Verdict> verdicts) {
        this(
                id,
                promptId,
                sample,
                messages,
                reasoning,
                answer,
                rawReply,
                finish,
                reference,
                source,
                teacher,
                parameters,
                usage,
                cost,
                attempts,
                completedAt,
                verdicts,
                null,
                null,
                Collections.emptySortedMap());
    }

    /** The name of one unit of paid work. Asking twice for the same unit is what the harvest never does. */
    public static String unitId(String promptId, String model, Map<String, String> parameters, int sample) {
        return unitIds(model, parameters, sample).apply(promptId);
    }

    /** {@link #unitId} of many prompts, by the prompt's id. */
    public static UnaryOperator<String> unitIds(String model, Map<String, String> parameters, int sample) {
        List<String> alike = new ArrayList<>(List.of(model, Integer.toString(sample)));
        new TreeMap<>(parameters).forEach((key, value) -> alike.add(key + "=" + value));
        return promptId -> {
            List<String> parts = new ArrayList<>(1 + alike.size());
            parts.add(promptId);
            parts.addAll(alike);
            return Hash.of(parts);
        };
    }

    /** The last user message: the question itself. */
    public String question() {
        return messages.getLast().content();
    }

    /** What was said before {@link #question}: the system message, and earlier turns of both sides. */
    public List<Message> earlier() {
        return messages.subList(0, messages.size() - 1);
    }

    /** This trace with one more finding at the end. */
    public Trace with(Verdict verdict) {
        List<Verdict> more = new ArrayList<>(verdicts);
        more.add(verdict);
        return withVerdicts(more);
    }

    /** This trace with these findings in place of its own. */
    public Trace withVerdicts(List<Verdict> found) {
        return new Trace(
                id,
                promptId,
                sample,
                messages,
                reasoning,
                answer,
                rawReply,
                finish,
                reference,
                source,
                teacher,
                parameters,
                usage,
                cost,
                attempts,
                completedAt,
                found,
                domain,
                licence,
                extra);
    }
}
