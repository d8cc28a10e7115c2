package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCurateCommandTest {
    private static final String TEXT =
            "the old man went down to the river and sat there for a long while, thinking of what his"
                    + " father had told him about fish and patience, until the sun was gone behind the hills";

    @TempDir
    Path folder;

    @Test
    void aPartThatThereIsNotIsTheOnlyMistake() {
        Said wrong = Said.by("bench", "curate", "--parts", "foo");
        assertThat(wrong.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(wrong.err()).contains("'foo'").doesNotContain("problems", "--rows", "threshold");
    }

    @Test
    void eachPartHasItsFiguresAndTheLastOnesStandForTheWhole() throws IOException {
        Path heldOut = Files.writeString(
                folder.resolve("held.jsonl"),
                "{\"question\": \"Ann has 17 loaves in each of 3 boxes and buys 21 more. How many are there in all?\"}\n");
        Said said = Said.by(
                "bench",
                "curate",
                "--rows",
                120,
                "--held-out",
                heldOut,
                "--warm-ups",
                0,
                "--repeats",
                2,
                "--threads",
                1,
                "--json");
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode report = said.json();
        assertThat(report.path("rows").asInt()).isEqualTo(120);
        assertThat(report.path("parts").propertyStream().map(Map.Entry::getKey))
                .containsExactly("filters", "dedup", "decontamination", "grading", "all");
        for (JsonNode part : report.path("parts")) {
            double seconds = part.path("rows").asInt() / part.path("rows_per_s").asDouble();
            assertThat(seconds)
                    .isBetween(
                            part.path("seconds_min").asDouble() * (1 - 1e-9),
                            part.path("seconds_max").asDouble() * (1 + 1e-9));
            assertThat(part.path("mb_per_s").asDouble() * seconds)
                    .isCloseTo(part.path("mb").asDouble(), within(1e-6));
        }
        assertThat(report.at("/parts/all/mb").asDouble()).isBetween(120 * 0.0039, 120 * 0.0043);
        assertThat(report.path("mb_per_s")).isEqualTo(report.at("/parts/all/mb_per_s"));
        assertThat(report.path("rows_per_s")).isEqualTo(report.at("/parts/all/rows_per_s"));
        assertThat(report.at("/parts/dedup/dropped").asInt()).isBetween(2, 30);
        assertThat(report.at("/parts/grading/dropped").asInt()).isZero();
        assertThat(report.at("/parts/grading/rows").asInt()).isGreaterThanOrEqualTo(10_000);
        assertThat(report.path("peak_rss_mib").asLong()).isPositive();
        JsonNode sets = report.at("/parts/decontamination/each_mb_per_s");
        assertThat(sets.propertyStream().map(Map.Entry::getKey))
                .containsExactly("reading", "contamination:" + heldOut.getFileName());
        assertThat(report.at("/parts/dedup").has("each_mb_per_s")).isFalse();
    }

    /** The parts of the whole take its time together, whatever it is. */
    @Test
    void eachFilterIsToldByItself() throws IOException {
        Said said = Said.by(
                "bench",
                "curate",
                "--parts",
                "filters",
                "--text",
                "maths",
                "--rows",
                40,
                "--warm-ups",
                0,
                "--repeats",
                1,
                "--threads",
                1,
                "--json");
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode filters = said.json().at("/parts/filters");
        JsonNode each = filters.path("each_mb_per_s");
        assertThat(each.propertyStream().map(Map.Entry::getKey))
                .startsWith("reading", "finished", "non_empty")
                .contains("readability", "repetition", "code_in_reasoning")
                .doesNotContain("math");
        double seconds = 0;
        for (JsonNode rate : each) {
            seconds += filters.path("mb").asDouble() / rate.asDouble();
        }
        assertThat(seconds)
                .isPositive()
                .isLessThanOrEqualTo(filters.path("seconds_max").asDouble());
    }

    @Test
    void textsOfOnesOwnAreComparedAndWhatStaysIsTold() throws IOException {
        Path documents = folder.resolve("documents.jsonl");
        Files.writeString(
                documents,
                "{\"id\": \"a\", \"text\": \"" + TEXT + "\"}\n{\"id\": \"b\", \"text\": \""
                        + TEXT.replaceFirst("old", "young") + "\"}\n{\"id\": \"c\", \"text\": \"something else\"}\n");
        Path kept = folder.resolve("kept.txt");
        Said said = Said.by(
                "bench",
                "curate",
                "--parts",
                "dedup",
                "--input",
                documents,
                "--shingle-words",
                5,
                "--bands",
                14,
                "--band-rows",
                2,
                "--similarity",
                0.7,
                "--kept",
                kept,
                "--warm-ups",
                0,
                "--repeats",
                1,
                "--json");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(Files.readAllLines(kept)).isEqualTo(List.of("a", "c"));
        assertThat(said.json().at("/parts/dedup/dropped").asInt()).isEqualTo(1);
    }

    @Test
    void aFewTracesAreGoneThroughAgainAndAgain() throws IOException {
        Path documents = Files.writeString(
                folder.resolve("documents.jsonl"),
                "{\"id\": \"a\", \"text\": \"" + TEXT + "\"}\n{\"id\": \"b\", \"text\": \"b " + TEXT + "\"}\n");
        for (boolean again : new boolean[] {false, true}) {
            Said said = Said.by(
                    "bench",
                    "curate",
                    "--parts",
                    "dedup",
                    "--input",
                    documents,
                    "--rows",
                    5,
                    "--warm-ups",
                    0,
                    "--repeats",
                    1,
                    "--json",
                    again ? "--again" : "--quiet");
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.json().path("rows").asInt()).isEqualTo(again ? 5 : 2);
        }
        Said nothing = Said.by("bench", "curate", "--again");
        assertThat(nothing.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(nothing.err()).contains("--again needs --input");
    }

    @Test
    void whatCannotBeMeasuredIsRefusedWithTheReason() throws IOException {
        Said said = Said.by("bench", "curate", "--rows", 0, "--bands", 4, "--input", folder.resolve("none"));
        assertThat(said.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(said.err())
                .contains(
                        "--rows must be at least 1; got 0",
                        "--bands and --band-rows go together; got one of them",
                        "no such file: " + folder.resolve("none"));
        Path texts = Files.writeString(folder.resolve("texts.jsonl"), "{\"id\": \"a\"}\n");
        Said noText = Said.by("bench", "curate", "--parts", "filters", "--input", texts);
        assertThat(noText.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(noText.err()).contains("must be an object with a \"text\"; line 1 has none");
    }
}
