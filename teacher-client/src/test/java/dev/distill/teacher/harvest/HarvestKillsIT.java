package dev.distill.teacher.harvest;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Killed at any moment, a harvest loses no reply that its ledger has acknowledged, and buys none of them again; a budget would
 * have counted every request that was on its way.
 */
class HarvestKillsIT extends HarvestScene {
    private static final long SEED = Long.getLong("distill.seed", 20261130);

    @Test
    void killedEightTimes() throws Exception {
        new HarvestKills(this, 400).campaign(8, SEED);
    }

    @Test
    @Tag("slow")
    void killedTwoHundredTimes() throws Exception {
        new HarvestKills(this, 2_000).campaign(200, SEED);
    }
}
