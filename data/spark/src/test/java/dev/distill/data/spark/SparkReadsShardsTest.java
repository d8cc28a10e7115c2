package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.shard.ShardSize;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark SQL reads shards as they are. */
class SparkReadsShardsTest {
    @TempDir
    Path folder;

    @Test
    void theShardsOfAFolderAreATable() throws IOException {
        List<Trace> traces = new Planted(2).traces(500);
        Planted.write(folder.resolve("harvest"), traces, new ShardSize(60_000, 20_000));
        SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        try (spark) {
            Dataset<Row> table = spark.read()
                    .parquet(folder.resolve("harvest")
                            .resolve("traces-*.parquet")
                            .toString());
            assertThat(table.count()).isEqualTo(traces.size());
            table.createOrReplaceTempView("traces");
            Row one = spark.sql(
                            "select id, messages[0].role, messages[0].content, reasoning, answer, finish, cost.amount,"
                                    + " completed_at, size(verdicts), domain from traces where id = '"
                                    + traces.getLast().id() + "'")
                    .first();
            Trace last = traces.getLast();
            assertThat(one.getString(0)).isEqualTo(last.id());
            assertThat(one.getString(1)).isEqualTo("user");
            assertThat(one.getString(2)).isEqualTo(last.question());
            assertThat(one.getString(3)).isEqualTo(last.reasoning());
            assertThat(one.getString(4)).isEqualTo(last.answer());
            assertThat(one.getString(5)).isEqualTo(last.finish().word());
            assertThat(one.getString(6)).isEqualTo(last.cost().amount().toPlainString());
            assertThat(one.getTimestamp(7).toInstant()).isEqualTo(last.completedAt());
            assertThat(one.getInt(8)).isZero();
            assertThat(one.<String>getAs(9)).isEqualTo(last.domain());
            long cutOff = traces.stream()
                    .filter(trace -> !trace.finish().word().equals("stop"))
                    .count();
            assertThat(table.filter("finish <> 'stop'").count()).isEqualTo(cutOff);
        }
    }
}
