package dev.distill.pipeline;

/**
 * What an evaluation looks at beside the scores.
 *
 * @param probes whether it is asked about what harms, what only sounds so, what is sensitive and who it is
 * @param ownName whom it may say it is; empty for nobody
 * @param agreement whether the judge grades what rules grade too, to tell how often they agree
 */
record EvalBeside(boolean probes, String ownName, boolean agreement) {
    static EvalBeside read(Section section) {
        boolean probes = section.flag("probes", false);
        String name = section.text("own-name");
        return new EvalBeside(probes, name == null ? "" : name, section.flag("agreement", false));
    }
}
