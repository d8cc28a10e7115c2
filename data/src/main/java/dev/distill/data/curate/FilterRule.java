package dev.distill.data.curate;

import java.io.Serializable;

/**
 * A filter and what becomes of the traces that fail it.
 *
 * @param policy for all that fail
 */
public record FilterRule(TraceFilter filter, Policy policy) implements Serializable {
    /** What becomes of a trace that fails a filter. */
    public enum Policy {
        /** It is dropped. */
        DROP,
        /** It is kept, and its verdict says what is wrong with it. */
        LABEL,
        /** The filter does not run. */
        OFF
    }

    static FilterRule drop(TraceFilter filter) {
        return new FilterRule(filter, Policy.DROP);
    }
}
