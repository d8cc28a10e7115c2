package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.journal.Storage;
import dev.distill.data.query.TraceCondition;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DuckDB, which shares no code with us, reads of a folder of shards. */
class DuckDbTest {
    @TempDir
    Path folder;

    private final List<Trace> traces = RandomTraces.list(41, 300, 400);
    private Connection duckdb;

    @BeforeEach
    void write() throws IOException, SQLException {
        try (TraceWriter writer = TraceWriter.create(Storage.local(), folder, new ShardSize(60_000, 30_000))) {
            for (Trace trace : traces) {
                writer.write(trace);
            }
            writer.finish(Manifest.begin("harvest", "distill test"), ShardTest.CARD);
        }
        duckdb = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void close() throws SQLException {
        duckdb.close();
    }

    /** The rows of a query, each value as text; TRACES stands for the shards. */
    private List<List<String>> ask(String query) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(
                        query.replace("TRACES", "read_parquet('" + folder + "/traces-*.parquet')"))) {
            List<List<String>> all = new ArrayList<>();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(rows.getString(column));
                }
                all.add(row);
            }
            return all;
        }
    }

    @Test
    void everyTextComesOutInTheOrderOfTheTraces() throws SQLException {
        List<List<String>> expected = new ArrayList<>();
        for (Trace trace : traces) {
            List<String> row = new ArrayList<>(List.of(trace.id(), trace.answer(), trace.rawReply()));
            row.add(trace.reasoning());
            row.add(trace.reference());
            row.add(trace.domain());
            row.add(trace.licence());
            row.add(trace.finish().word());
            row.add(Long.toString(trace.usage().promptTokens()));
            row.add(trace.cost().amount().toPlainString());
            expected.add(row);
        }
        assertThat(ask("SELECT id, answer, raw_reply, reasoning, reference, domain, licence, finish,"
                        + " usage.prompt_tokens, cost.amount FROM TRACES"))
                .isEqualTo(expected);
    }

    @Test
    void listsAndMapsAreThoseOfTheLanguage() throws SQLException {
        List<List<String>> messages = new ArrayList<>();
        List<List<String>> parameters = new ArrayList<>();
        for (Trace trace : traces) {
            messages.add(List.of(
                    Integer.toString(trace.messages().size()),
                    trace.messages().getLast().content(),
                    trace.messages().getFirst().role().word()));
            trace.parameters().forEach((key, value) -> parameters.add(List.of(trace.id(), key, value)));
        }
        assertThat(ask("SELECT len(messages), messages[-1].content, messages[1].role FROM TRACES"))
                .isEqualTo(messages);
        assertThat(ask("SELECT id, p.key, p.value FROM (SELECT id, unnest(map_entries(parameters)) AS p FROM TRACES)"))
                .containsExactlyInAnyOrderElementsOf(parameters);
        String extra = traces.stream()
                .filter(trace -> !trace.extra().isEmpty())
                .map(trace -> trace.extra().firstEntry().getValue())
                .findFirst()
                .orElseThrow();
        assertThat(ask("SELECT count(*) FROM TRACES WHERE list_contains(map_values(extra), '" + extra.replace("'", "''")
                        + "')"))
                .isNotEqualTo(List.of(List.of("0")));
        long failed = traces.stream()
                .filter(trace ->
                        trace.verdicts().stream().anyMatch(verdict -> verdict.outcome() == Verdict.Outcome.FAIL))
                .count();
        assertThat(
                        ask(
                                "SELECT count(*) FROM TRACES WHERE len(list_filter(verdicts, lambda v: v.outcome = 'fail')) > 0"))
                .isEqualTo(List.of(List.of(Long.toString(failed))));
    }

    /** Comparisons with columns that may be null, joined by chance. */
    private static String condition(Random random, int deep) {
        if (deep > 0 && random.nextInt(4) > 0) {
            return switch (random.nextInt(4)) {
                case 0 -> "NOT (" + condition(random, deep - 1) + ")";
                case 1 -> condition(random, deep - 1) + " OR " + condition(random, deep - 1);
                case 2 -> condition(random, deep - 1) + " AND " + condition(random, deep - 1);
                default -> "(" + condition(random, deep - 1) + ")";
            };
        }
        String column =
                List.of("reasoning", "answer", "reference", "domain", "source").get(random.nextInt(5));
        String letter = List.of("a", "0", "\u6f22", "''", "\\", "_", "%", "B").get(random.nextInt(8));
        String not = random.nextBoolean() ? " NOT" : "";
        return switch (random.nextInt(9)) {
            case 0 -> column + not + " LIKE '%" + letter + "_%'";
            case 1 -> column + not + " ILIKE '" + letter + "%'";
            case 2 -> column + " IS" + not + " NULL";
            case 3 -> "length(" + column + ") * 3 - 1 >= " + random.nextInt(300);
            case 4 -> "usage.prompt_tokens % 7 = " + random.nextInt(7) + " - 2 + 2";
            case 5 -> column + not + " IN ('domain-1', 'set-2', '" + letter + "')";
            case 6 -> "\"sample\"" + not + " BETWEEN " + random.nextInt(1_000_000_000) + " AND 1500000000";
            case 7 -> "upper(" + column + " || '" + letter + "') < 'C" + letter + "'";
            default -> column + List.of(" = ", " <> ", " < ", " >= ").get(random.nextInt(4)) + "'domain-1'";
        };
    }

    @Test
    void conditionsOfOursPickWhatItsPick() throws SQLException {
        Random random = new Random(43);
        int some = 0;
        for (int i = 0; i < 400; i++) {
            String condition = condition(random, 3);
            List<List<String>> expected = ask("SELECT id FROM TRACES WHERE " + condition);
            assertThat(traces.stream()
                            .filter(TraceCondition.of(condition))
                            .map(trace -> List.of(trace.id()))
                            .toList())
                    .as(condition)
                    .isEqualTo(expected);
            some += expected.isEmpty() || expected.size() == traces.size() ? 0 : 1;
        }
        assertThat(some).as("conditions that pick some of them").isGreaterThan(200);
    }

    @Test
    void theCostAddsUp() throws SQLException {
        BigDecimal sum = traces.stream()
                .map(trace -> trace.cost().amount())
                .filter(amount -> amount.abs().compareTo(BigDecimal.TEN.pow(20)) < 0 && amount.scale() <= 12)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        List<List<String>> answer = ask(
                "SELECT sum(try_cast(cost.amount AS decimal(38, 12))) FROM TRACES"
                        + " WHERE abs(try_cast(cost.amount AS double)) < 1e20 AND length(split_part(cost.amount, '.', 2)) <= 12");
        assertThat(new BigDecimal(answer.getFirst().getFirst())).isEqualByComparingTo(sum);
    }

    @Test
    void anIdIsFoundAndTheBloomFilterPassesOverTheOtherRowGroups() throws SQLException {
        for (Trace trace : traces.subList(100, 110)) {
            assertThat(ask("SELECT answer FROM TRACES WHERE id = '" + trace.id() + "'"))
                    .isEqualTo(List.of(List.of(trace.answer())));
        }
        String absent = "0123456789abcdef".repeat(2);
        assertThat(ask("SELECT answer FROM TRACES WHERE id = '" + absent + "'")).isEmpty();
        List<List<String>> groups = probe(absent);
        assertThat(groups).hasSizeGreaterThan(5);
        assertThat(groups).filteredOn(group -> group.get(1).equals("true")).hasSizeGreaterThan(groups.size() / 2);
        for (Trace trace : traces) {
            assertThat(probe(trace.id())).anyMatch(group -> group.get(1).equals("false"));
        }
    }

    /** Of each row group its number, and whether the filter rules the id out. */
    private List<List<String>> probe(String id) throws SQLException {
        return ask("SELECT row_group_id, bloom_filter_excludes FROM parquet_bloom_probe('" + folder
                + "/traces-*.parquet', 'id', '" + id + "')");
    }

    @Test
    void columnsHaveStatistics() throws SQLException {
        List<List<String>> least =
                ask("SELECT min(CAST(stats_min_value AS BIGINT)), max(CAST(stats_max_value AS BIGINT))"
                        + " FROM parquet_metadata('" + folder + "/traces-*.parquet') WHERE path_in_schema = 'sample'");
        assertThat(least)
                .isEqualTo(List.of(List.of(
                        Integer.toString(
                                traces.stream().mapToInt(Trace::sample).min().orElseThrow()),
                        Integer.toString(
                                traces.stream().mapToInt(Trace::sample).max().orElseThrow()))));
        List<List<String>> nulls = ask("SELECT sum(stats_null_count) FROM parquet_metadata('" + folder
                + "/traces-*.parquet') WHERE path_in_schema = 'reasoning'");
        long without =
                traces.stream().filter(trace -> trace.reasoning() == null).count();
        assertThat(Objects.requireNonNull(nulls.getFirst().getFirst())).isEqualTo(Long.toString(without));
    }
}
