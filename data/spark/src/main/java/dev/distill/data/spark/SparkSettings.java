package dev.distill.data.spark;

import dev.distill.data.shard.ShardSize;

/**
 * How the work is cut; what comes out does not depend on it, but for the size of the shards.
 *
 * @param groupsEach row groups of the input to a task; 0 for as many as make some thousand tasks
 * @param parts of a shuffle; 0 for as many as its rows ask for
 * @param shards size of the shards that are made
 */
record SparkSettings(int groupsEach, int parts, ShardSize shards) {
    static final SparkSettings STANDARD = new SparkSettings(0, 0, ShardSize.DEFAULT);
}
