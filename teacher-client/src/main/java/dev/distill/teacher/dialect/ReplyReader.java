package dev.distill.teacher.dialect;

import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import org.jspecify.annotations.Nullable;

/** Puts one reply together from its events. For one reply and one thread. */
public sealed interface ReplyReader permits OpenAiReader, AnthropicReader, GeminiReader {
    /**
     * Takes one event; what comes after the end is passed over.
     *
     * @param event the event's name; null where it has none
     * @param data its data
     */
    void accept(@Nullable String event, String data);

    /** What has arrived so far. */
    Received received();

    /** Whether nothing that is still to come can change the outcome. */
    boolean isOver();

    /** Whether the provider has said why the reply ended: a connection that breaks after that has lost nothing. */
    boolean isFinished();

    /** How the exchange ended, now that the body has ended in order. */
    Outcome outcome();
}
