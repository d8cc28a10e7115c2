package dev.distill.teacher.dialect;

import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.teacher.ReasoningKind;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one provider, or of one way of it; {@link DialectTable} reads it from a file, each fact with its source and date.
 *
 * @param name the name that recipes use
 * @param format whose requests and replies it takes
 * @param hosts where it is met: {@code api.groq.com}, {@code .openai.azure.com} for all below it, {@code :11434} for a port
 * @param names of the standard parameters on the wire
 * @param ignored further parameters that it takes and ignores, by their names on the wire
 * @param reasoningOutsideLimit tokens of reasoning that the token limit does not cover; 0 where it covers all
 * @param thinking how it is made to think
 * @param fields that every request has and that change nothing of what is written, by name, with values in JSON
 * @param reply how its replies are read
 * @param access where requests go, and how they are signed
 * @param logprobs log-probabilities that it tells
 * @param sources where the facts were read
 */
public record DialectFacts(
        String name,
        Format format,
        List<String> hosts,
        Names names,
        List<String> ignored,
        int reasoningOutsideLimit,
        Thinking thinking,
        SortedMap<String, String> fields,
        ReplyFacts reply,
        Access access,
        Logprobs logprobs,
        List<Source> sources) {
    /** Whose requests and replies. */
    public enum Format {
        /** OpenAI's chat completions. */
        OPENAI,
        /** Anthropic's messages. */
        ANTHROPIC,
        /** Gemini's contents. */
        GEMINI
    }

    /** The standard parameters' names on the wire; null for one that has no effect, and is not sent. */
    public record Names(
            @Nullable String temperature,
            @Nullable String topP,
            @Nullable String maxTokens,
            @Nullable String seed) {}

    /**
     * How replies are read.
     *
     * @param reasoning what comes as reasoning
     * @param thinkStart where the think tag of reasoning inside the content is
     * @param streamUsage whether usage is asked for with {@code stream_options}
     */
    public record ReplyFacts(ReasoningKind reasoning, Start thinkStart, boolean streamUsage) {}

    /**
     * Where requests go, and how they are signed.
     *
     * @param path behind the recipe's URL; {@code {model}} stands for the model's name; may end in a query
     * @param keyHeader the header that holds the key
     * @param keyPrefix what stands before the key in it
     * @param headers that every request has
     */
    public record Access(String path, String keyHeader, String keyPrefix, SortedMap<String, String> headers) {}

    /**
     * Where facts were read.
     *
     * @param of the facts, by their keys in the file
     * @param page a page of the provider, or a recording
     * @param read year and month
     */
    public record Source(List<String> of, String page, String read) {}

    DialectFacts with(Names other) {
        return new DialectFacts(
                name,
                format,
                hosts,
                other,
                ignored,
                reasoningOutsideLimit,
                thinking,
                fields,
                reply,
                access,
                logprobs,
                sources);
    }

    DialectFacts with(ReplyFacts other) {
        return new DialectFacts(
                name,
                format,
                hosts,
                names,
                ignored,
                reasoningOutsideLimit,
                thinking,
                fields,
                other,
                access,
                logprobs,
                sources);
    }

    DialectFacts with(Source another) {
        List<Source> more = new java.util.ArrayList<>(sources);
        more.add(another);
        return new DialectFacts(
                name,
                format,
                hosts,
                names,
                ignored,
                reasoningOutsideLimit,
                thinking,
                fields,
                reply,
                access,
                logprobs,
                List.copyOf(more));
    }
}
