package dev.distill.data.spark;

import dev.distill.data.shard.TraceSplit;
import java.util.BitSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a step of the choice works on.
 *
 * @param splits a piece to a partition
 * @param standing traces that no check has dropped so far, by place
 * @param parts of a shuffle
 */
record Stand(
        Cluster cluster, JavaRDD<TraceSplit> splits, Broadcast<Pieces> pieces, Broadcast<BitSet> standing, int parts) {}
