package dev.distill.serve;

import java.util.List;

/** Takes what is written for one request, on the thread that decodes: no method may wait. */
interface ReplySink {
    /** A prompt was scored, for all answers to it. */
    void scored(int prompt, List<Said.Token> tokens);

    /** @return false if nobody reads it any more */
    boolean said(int row, Said said);

    /** A row has ended. */
    void ended(int row, Said.End end);

    /** All rows have. */
    void complete(Usage usage);

    /** There is no answer, or no more of it. */
    void failed(ApiError why);

    /** Whether its reader is so far behind that nothing more should be written for it now. */
    boolean isFull();

    /** Its reader has kept others waiting, and is let go. */
    void cutOff();

    /** What a request took. */
    record Usage(int promptTokens, int completionTokens, int reasoningTokens) {}
}
