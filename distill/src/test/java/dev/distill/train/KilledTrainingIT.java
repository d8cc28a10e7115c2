package dev.distill.train;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training, killed with SIGKILL at random moments, comes to the weights and the figures of one that nobody disturbed, to
 * the bit. {@code -Ddistill.seed} takes other moments.
 */
class KilledTrainingIT {
    @TempDir
    Path folder;

    @Test
    void killedFiveTimes() throws Exception {
        Kills.campaign(folder, 5, Long.getLong("distill.seed", 20261129));
    }

    @Test
    @Tag("slow")
    void killedFiftyTimes() throws Exception {
        Kills.campaign(folder, 50, Long.getLong("distill.seed", 20261130));
    }
}
