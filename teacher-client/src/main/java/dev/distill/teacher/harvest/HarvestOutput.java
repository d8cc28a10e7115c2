package dev.distill.teacher.harvest;

import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import java.nio.file.Path;

/**
 * Where the traces go.
 *
 * @param folder takes the shards, their card and manifest
 * @param accounts the folder of the ledger, one harvest at a time; several harvests that share it share one budget, and none buys what another has bought
 * @param stage the manifest so far: program, inputs and whatever the caller knows; the harvest adds its own settings
 * @param card what the folder's README says
 * @param size of the shards
 */
public record HarvestOutput(Path folder, Path accounts, Manifest stage, DatasetCard card, ShardSize size) {
    /** A harvest whose ledger lies beside its shards. */
    public HarvestOutput(Path folder, Manifest stage, DatasetCard card, ShardSize size) {
        this(folder, folder, stage, card, size);
    }

    Path ledger() {
        return accounts.resolve("ledger.journal");
    }
}
