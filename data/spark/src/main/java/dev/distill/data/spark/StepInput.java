package dev.distill.data.spark;

import dev.distill.data.shard.TraceSplit;
import java.util.BitSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;

/**
 * What a step of the choice works on.
 *
 * @param splits one to a partition
 * @param remaining traces that no check has dropped so far, by place
 * @param parts of a shuffle
 */
record StepInput(
        Cluster cluster,
        JavaRDD<TraceSplit> splits,
        Broadcast<SplitFiles> splitFiles,
        Broadcast<BitSet> remaining,
        int parts) {}
