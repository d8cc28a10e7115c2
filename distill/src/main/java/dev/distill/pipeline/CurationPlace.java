package dev.distill.pipeline;

import dev.distill.data.curate.CurationEngine;

/**
 * Where a curation runs; what comes out does not depend on it.
 *
 * @param engine {@link CurationEngine#LOCAL} for this process, or the name of one that there is
 * @param at where that runs, in its own words; empty for this process
 */
public record CurationPlace(String engine, String at) {
    public static final CurationPlace HERE = new CurationPlace(CurationEngine.LOCAL, "");

    boolean isHere() {
        return engine.equals(CurationEngine.LOCAL);
    }
}
