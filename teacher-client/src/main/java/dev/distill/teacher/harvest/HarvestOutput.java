package dev.distill.teacher.harvest;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import java.nio.file.Path;

/**
 * Where the traces go.
 *
 * @param folder takes the shards, their card and manifest, and the ledger; one harvest at a time
 * @param stage the manifest so far: program, inputs and whatever the caller knows; the harvest adds its own settings
 * @param card what the folder's README says
 * @param size of the shards
 */
public record HarvestOutput(Path folder, Manifest stage, DatasetCard card, ShardSize size) {
    Path ledger() {
        return folder.resolve("ledger.journal");
    }
}
