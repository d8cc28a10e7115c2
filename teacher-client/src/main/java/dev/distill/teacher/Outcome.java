package dev.distill.teacher;

/**
 * How one exchange with a teacher ended. What to do about each is said in one place:
 * {@code dev.distill.teacher.pace.Policy}. Texts in {@code detail} are for people: short, without line breaks, keys masked.
 */
public sealed interface Outcome {
    /** A whole reply. One that the token limit cut off counts too, with finish {@code LENGTH}: curation decides about it. */
    record Completed(Reply reply) implements Outcome {}

    /** The provider's filter, or the model through the refusal field, declined. */
    record Refused(String detail) implements Outcome {}

    /** Finished in order, with neither reasoning nor answer: DeepSeek under load does this. */
    record EmptyReply() implements Outcome {}

    /** Finish reason {@code insufficient_system_resource}: the text may look finished and is not. */
    record OutOfResources() implements Outcome {}

    /** The reply ended before its end. */
    record CutStream(Cut why, String detail) implements Outcome {}

    /** Too many requests or tokens (429). */
    record RateLimited(String detail, RetryAdvice advice) implements Outcome {}

    /** The server is in trouble for the moment (5xx, 408, 409, or an error in the stream that names no status). */
    record Overloaded(int status, String detail, RetryAdvice advice) implements Outcome {}

    /** No reply at all: not connected, or the connection was lost before the status line; {@link Exchange#free} tells which. */
    record Unreachable(String detail) implements Outcome {}

    /** The key is missing, wrong, or not allowed to do this (401, 403). */
    record Unauthorized(int status, String detail) implements Outcome {
        /** Whether the key was known, and this is not allowed to it: some providers say so of a single request. */
        public boolean isForbidden() {
            return status == 403;
        }
    }

    /** The account is empty (402, or 429 with {@code insufficient_quota}). */
    record OutOfBalance(String detail) implements Outcome {}

    /** The address or the model's name is wrong (404, 405, a redirect, a web page in place of a reply). */
    record NotFound(int status, String detail) implements Outcome {
        /** Whether it was not the API that answered, but something before it: with a redirect or a web page. */
        public boolean isGateway() {
            return status < 400;
        }
    }

    /** This request is not acceptable (400, 422, other 4xx); others may be. */
    record BadRequest(int status, String detail, RetryAdvice advice) implements Outcome {}

    /** Ways for a reply to end before its end. */
    enum Cut {
        /** The body ended without a finish reason. */
        ENDED_EARLY,
        /** The connection broke. */
        CONNECTION_LOST,
        /** No byte for longer than the idle time-out, or in the middle of the reply nothing but keep-alives. */
        IDLE,
        /** Not finished within the total time-out. */
        DEADLINE,
        /** More bytes than a reply may have. */
        TOO_LARGE,
        /** Not what the dialect says: an event that is no JSON. */
        MALFORMED,
        /** We ended it ourselves. */
        CANCELLED
    }

    /** What the server said about asking again. */
    default RetryAdvice advice() {
        return RetryAdvice.NONE;
    }

    /** A stable word to count by, for example {@code rate_limited} or {@code cut_idle}. */
    default String word() {
        return switch (this) {
            case Completed c -> "completed";
            case Refused r -> "refused";
            case EmptyReply e -> "empty_reply";
            case OutOfResources o -> "insufficient_system_resource";
            case CutStream(Cut why, String d) -> "cut_" + why.name().toLowerCase(java.util.Locale.ROOT);
            case RateLimited r -> "rate_limited";
            case Overloaded o -> "overloaded";
            case Unreachable u -> "unreachable";
            case Unauthorized u -> "unauthorized";
            case OutOfBalance o -> "out_of_balance";
            case NotFound n -> "not_found";
            case BadRequest b -> "bad_request";
        };
    }

    /** The word and, where there is one, the detail: for messages. */
    default String describe() {
        String detail = switch (this) {
            case Completed c -> "";
            case EmptyReply e -> "";
            case OutOfResources o -> "";
            case Refused r -> r.detail;
            case CutStream c -> c.detail;
            case RateLimited r -> r.detail;
            case Overloaded o -> "status " + o.status + ": " + o.detail;
            case Unreachable u -> u.detail;
            case Unauthorized u -> "status " + u.status + ": " + u.detail;
            case OutOfBalance o -> o.detail;
            case NotFound n -> "status " + n.status + ": " + n.detail;
            case BadRequest b -> "status " + b.status + ": " + b.detail;
        };
        return detail.isEmpty() ? word() : word() + " (" + detail + ")";
    }
}
