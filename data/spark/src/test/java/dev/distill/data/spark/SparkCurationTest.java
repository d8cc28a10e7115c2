package dev.distill.data.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.distill.data.curate.Choice;
import dev.distill.data.curate.CurationEngine;
import dev.distill.data.curate.CurationSettings;
import dev.distill.data.curate.Mix;
import dev.distill.data.curate.NearDuplicateSettings;
import dev.distill.data.curate.PassRate;
import dev.distill.data.shard.RowWriter;
import dev.distill.data.shard.TraceVerdict;
import dev.distill.data.shard.VerdictFolder;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A curation on Spark leaves what one in this process leaves. */
class SparkCurationTest extends OnSpark {
    @Test
    void everyCheckDropsTheSameHoweverTheTracesAreCut() throws IOException {
        Both.Left local = both.local(ALL);
        assertThat(local.report().dropped())
                .as("what is planted is found")
                .allSatisfy((_, count) -> assertThat(count).isNotNegative())
                .hasEntrySatisfying("finished", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("math", count -> assertThat(count).isPositive())
                .hasEntrySatisfying(
                        "contamination:held", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("duplicate", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("near_duplicate", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("pass_rate", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("per_prompt", count -> assertThat(count).isPositive())
                .hasEntrySatisfying("mix", count -> assertThat(count).isPositive());
        assertThat(local.shards()).hasSizeGreaterThan(1);
        Both.assertSame(both.spark(cluster, ALL, 1, 1), local);
        Both.assertSame(both.spark(cluster, ALL, 3, 7), local);
        Both.assertSame(both.spark(cluster, ALL, 1_000, 0), local);
    }

    @Test
    void theOrderOfTheFilesDoesNotMatter() throws IOException {
        TreeSet<String> before = kept(both.spark(cluster, ALL, 2, 3));
        Collections.shuffle(traces, new Random(5));
        Both shuffled = of(traces, "shuffled");
        Both.Left spark = shuffled.spark(cluster, ALL, 2, 3);
        Both.assertSame(spark, shuffled.local(ALL));
        assertThat(kept(spark)).isEqualTo(before);
    }

    private static TreeSet<String> kept(Both.Left left) throws IOException {
        TreeSet<String> kept = new TreeSet<>();
        left.kept().forEach(trace -> kept.add(trace.id() + trace.reasoning()));
        return kept;
    }

    @Test
    void eachWayOfChoosingChoosesTheSame() throws IOException {
        List<Mix> mixes = List.of(
                new Mix(Mix.By.SOURCE, List.of(), new TreeMap<>(Map.of("source-0", 1.0, "source-1", 1.0)), 0, 1),
                new Mix(
                        Mix.By.LENGTH,
                        List.of(300L, 400L),
                        new TreeMap<>(Map.of("0-300", 1.0, "300-400", 3.0)),
                        100,
                        2),
                Mix.r1(100, 4),
                new Mix(Mix.By.DOMAIN, List.of(), new TreeMap<>(Map.of("math", 1.0, "other", 1.0)), 0, 1));
        for (Choice.Order order : Choice.Order.values()) {
            CurationSettings settings = STANDARD.choosing(
                    order == Choice.Order.FIRST ? null : new PassRate(0.2, 1),
                    new Choice(1, order),
                    mixes.get(order.ordinal()));
            Both.assertSame(both.spark(cluster, settings, 2, 3), both.local(settings));
        }
    }

    @Test
    void aMixThatCannotBeIsRefusedInTheSameWords() {
        CurationSettings settings = STANDARD.choosing(
                null,
                null,
                new Mix(Mix.By.DOMAIN, List.of(), new TreeMap<>(Map.of("math", 1.0, "unknown", 1.0)), 0, 1));
        IllegalArgumentException local =
                catchThrowableOfType(IllegalArgumentException.class, () -> both.local(settings));
        assertThat(local).hasMessageContaining("and none of unknown;");
        assertThatThrownBy(() -> both.spark(cluster, settings, 2, 3)).hasMessage(local.getMessage());
    }

    @Test
    void oneThatChecksNothingKeepsAll() throws IOException {
        Both.Left left = both.spark(cluster, CurationSettings.NONE, 2, 3);
        Both.assertSame(left, both.local(CurationSettings.NONE));
        assertThat(left.report().kept()).isEqualTo(traces.size());
    }

    @Test
    void whatEachCheckAloneWouldDropIsFoundOutToo() throws IOException {
        CurationSettings explained = ALL.explained();
        Both.Left local = both.local(explained);
        Both.assertSame(both.spark(cluster, explained, 2, 3), local);
        CurationEngine.Work work = both.work(explained, "", false, Both.Quiet.WATCH);
        Path scratch = Files.createDirectory(work.folder().resolve("scratch"));
        CurationEngine.Result counted = SparkCuration.run(cluster, work, new SparkSettings(2, 3, SMALL), scratch);
        assertThat(counted.report()).isEqualTo(local.report());
        assertThat(work.folder()).as("nothing but the scratch").isDirectoryNotContaining("glob:**.{parquet,jsonl}");
    }

    @Test
    void verdictsOfChecksThatRanApartAreTaken() throws IOException {
        Path programs = folder.resolve("verify");
        Path judge = folder.resolve("judged");
        try (RowWriter<TraceVerdict> first = VerdictFolder.of(programs).replace();
                RowWriter<TraceVerdict> second = VerdictFolder.of(judge).replace()) {
            for (int i = 0; i < traces.size(); i++) {
                if (i % 3 == 0) {
                    first.write(TraceVerdict.of(traces.get(i), Verdict.fail("math", "planted " + i)));
                }
                if (i % 7 == 0) {
                    second.write(TraceVerdict.of(traces.get(i), Verdict.pass("judge", "planted " + i)));
                }
            }
            first.finish();
            second.finish();
        }
        List<Path> folders =
                List.of(folder.resolve("harvest0"), folder.resolve("harvest1"), folder.resolve("harvest2"));
        Both judged = new Both(folders, List.of(programs, judge), SMALL, folder);
        Both.Left local = judged.local(ALL);
        assertThat(local.report().dropped().getOrDefault("math", 0L)).isGreaterThan(400);
        Both.assertSame(judged.spark(cluster, ALL, 2, 3), local);

        Both early = new Both(folders.subList(0, 2), List.of(programs, judge), SMALL, folder);
        assertThatThrownBy(() -> early.spark(cluster, ALL, 2, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("every verdict must be of a trace of the harvest");
    }

    /** A trace cannot certify itself, here as little as there. */
    @Test
    void verdictsWithWhichTracesCameAreNoneOfThisRun() throws IOException {
        Both forged = of(
                traces.stream()
                        .map(trace -> trace.with(Verdict.pass("math", "forged")).with(Verdict.pass("judge", "forged")))
                        .toList(),
                "forged");
        Both.Left left = forged.spark(cluster, ALL, 2, 3);
        Both.assertSame(left, forged.local(ALL));
        assertThat(left.report().dropped())
                .containsEntry("math", both.local(ALL).report().dropped().getOrDefault("math", 0L));
        assertThat(left.kept())
                .allSatisfy(trace -> assertThat(trace.verdicts())
                        .contains(Verdict.pass("given:math", "forged"), Verdict.pass("given:judge", "forged")));
    }

    @Test
    void aGroupOfWhichAllAreLinkedIsWorkedThroughByOneTask() throws IOException {
        Planted planted = new Planted(3);
        List<Trace> alike = new ArrayList<>();
        Random random = new Random(4);
        for (int i = 0; i < 800; i++) {
            StringBuilder text = new StringBuilder("It is seven, since");
            for (int word = 0; word < 60; word++) {
                text.append(random.nextInt(15) == 0 ? " or" : " and")
                        .append(" the ")
                        .append("abcdefghij".charAt(word % 10));
            }
            alike.add(planted.trace("Why is it seven?", i % 4, text + ".", "It is \\boxed{7}.", "7", null));
        }
        Both skewed = of(alike, "skewed");
        CurationSettings near =
                CurationSettings.NONE.withDuplicates(true, new NearDuplicateSettings(2, 128, 0.85, 128));
        Both.Left local = skewed.local(near);
        assertThat(local.report().dropped().getOrDefault("near_duplicate", 0L)).isBetween(100L, 790L);
        Both.assertSame(skewed.spark(cluster, near, 1, 5), local);
    }
}
