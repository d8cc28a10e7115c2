package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else's data set, from its file to a trained student and back to a data set. */
class TracesCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROWS = 12;

    @TempDir
    Path folder;

    private Path data;
    private Path imported;

    /** As OpenR1-Math-220k has it: each question answered right and wrong. */
    @BeforeEach
    void write() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            int loaves = 20 + 2 * i;
            ObjectNode row = JSON.createObjectNode()
                    .put(
                            "problem",
                            "A baker sells " + loaves
                                    + " loaves on Monday and half as many on Tuesday. How many in all?")
                    .put("solution", "See above.")
                    .put("answer", Integer.toString(loaves + loaves / 2))
                    .put("uuid", "u" + i);
            row.putArray("generations")
                    .add(reply(loaves, loaves + loaves / 2))
                    .add(reply(loaves, loaves + loaves / 2 + 1));
            row.putArray("correctness_math_verify").add(true).add(false);
            lines.add(row.toString());
        }
        data = Files.write(folder.resolve("openr1.jsonl"), lines);
        imported = folder.resolve("openr1");
    }

    private static String reply(int loaves, int sum) {
        return "<think>\nOn Monday the baker sells " + loaves + " loaves. Half of " + loaves + " is " + loaves / 2
                + ", so on Tuesday there are " + loaves / 2 + ". Together that makes " + sum
                + " loaves. Let me check this once more before I answer.\n</think>\n\nThe baker sells \\boxed{" + sum
                + "} loaves.";
    }

    /** The id of the first trace that answers so. */
    private static String id(Path traces, int answer) throws IOException {
        for (JsonNode trace :
                ok("inspect", traces, "--rows", 2 * ROWS, "--json").path("traces")) {
            if (trace.path("answer").asText().contains("{" + answer + "}")) {
                return trace.path("id").asText();
            }
        }
        throw new AssertionError("no trace answers " + answer);
    }

    private static JsonNode ok(Object... words) throws IOException {
        Said said = Said.by(words);
        assertThat(said.code()).as(said.err()).isZero();
        return JSON.readTree(said.out());
    }

    @Test
    void importedCuratedTrainedAndExported() throws IOException {
        JsonNode report =
                ok("traces", "import", data, "--to", imported, "--teacher", "R1", "--licence", "apache-2.0", "--json");
        assertThat(report.path("traces").asInt()).isEqualTo(2 * ROWS);
        assertThat(report.path("formats").get(0).asText()).isEqualTo("openr1-math");
        assertThat(ok("inspect", imported, "--json").path("kind").asText()).isEqualTo("shards");

        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), """
                name: given
                harvest: {traces: [openr1]}
                curate: {duplicates: none}
                student:
                  shape: {layers: 1, width: 32, heads: 2, kv-heads: 1, mlp-width: 64, vocabulary: 300, max-positions: 512}
                train: {steps: 2, batch-samples: 2, row-tokens: 512, validation-samples: 2}
                """);
        Path run = folder.resolve("run");
        JsonNode ran = ok("run", recipe, "--dir", run, "--to", "train", "--json");
        assertThat(ran.path("curate").path("read").asInt()).isEqualTo(2 * ROWS);
        assertThat(ran.path("curate").path("kept").asInt()).isEqualTo(ROWS);
        assertThat(ran.path("train").path("steps").asInt()).isEqualTo(2);
        assertThat(run.resolve("harvest")).doesNotExist();

        String wrong = id(imported, 31); // 20 + 10 and one too many
        JsonNode dropped = ok("inspect", run, "--trace", wrong, "--json");
        assertThat(dropped.path("answer").asText()).contains("\\boxed{31}");
        assertThat(dropped.at("/curation/reason").asText()).isEqualTo("math");

        Path out = folder.resolve("out");
        JsonNode exported = ok("traces", "export", run.resolve("curate"), "--to", out, "--as", "hf", "--json");
        assertThat(exported.path("traces").asInt()).isEqualTo(ROWS);
        assertThat(out.resolve("data/train-00000-of-00001.parquet")).exists();
        assertThat(Files.readString(out.resolve("README.md")))
                .contains("license: apache-2.0")
                .contains(ROWS + " of " + 2 * ROWS + " traces were kept.")
                .contains("**import**, by distill")
                .contains("- `import.teacher`: R1")
                .contains("| import | " + data);
        assertThat(ok("traces", "import", out, "--to", folder.resolve("back"), "--json")
                        .path("traces")
                        .asInt())
                .isEqualTo(ROWS);
    }

    /** Two folders with the same traces: told at the curation, and each can be seen. */
    @Test
    void tracesThatAreReadTwiceAreTold() throws IOException {
        ok("traces", "import", data, "--to", imported, "--teacher", "R1", "--json");
        ok("traces", "import", data, "--to", folder.resolve("copy"), "--teacher", "R1", "--licence", "mit", "--json");
        Path recipe =
                Files.writeString(folder.resolve("twice.yaml"), "name: twice\nharvest: {traces: [openr1, copy]}\n");
        Path run = folder.resolve("twice");
        Said said = Said.by("curate", recipe, "--dir", run, "--json");
        assertThat(said.code()).as(said.err()).isZero();
        String id = id(imported, 31);
        JsonNode found = ok("inspect", run, "--trace", id, "--json");
        assertThat(found.path("licence").isNull()).isTrue();
        assertThat(found.at("/others_of_this_id/0/licence").asText()).isEqualTo("mit");
        JsonNode decisions = ok("inspect", run.resolve("curate/decisions.jsonl"), "--json");
        assertThat(decisions.path("kind").asText()).isEqualTo("decisions");
        assertThat(decisions.path("rows").asInt()).isEqualTo(4 * ROWS);
        assertThat(decisions.path("kept").asInt()).isEqualTo(ROWS);
        assertThat(decisions.at("/dropped/math").asInt()).isEqualTo(2 * ROWS);
    }

    @Test
    void whatIsWrongIsToldBeforeAnythingIsRead() throws IOException {
        Said options = Said.by("traces", "import", data, "--to", imported, "--format", "csv", "--date", "yesterday");
        assertThat(options.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(options.err()).contains("--format must be one of openr1-math,");
        assertThat(Said.by("traces", "import", data, "--to", imported, "--date", "yesterday")
                        .err())
                .contains("--date must be a day as 2025-02-10; got yesterday");
        assertThat(Said.by("traces", "export", imported, "--to", "x", "--as", "csv")
                        .err())
                .contains("--as must be one of messages,");
        assertThat(Said.by("traces").err()).contains("traces: say which way: import or export");
        assertThat(Said.by("traces", "import", "nowhere.jsonl", "--to", imported)
                        .err())
                .contains("there is no such file; got nowhere.jsonl");
        Said bad = Said.by("traces", "import", data, "--to", imported);
        assertThat(bad.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(bad.err())
                .contains("line 1: no column says which model wrote the replies")
                .contains("give --teacher NAME");

        Path recipe = Files.writeString(folder.resolve("recipe.yaml"), "harvest: {traces: [openr1.jsonl]}\n");
        assertThat(Said.by("curate", recipe, "--dir", folder.resolve("run")).err())
                .contains("harvest.traces: must be finished folders of traces; got " + data)
                .contains("distill traces import " + data + " --to DIR");
        assertThat(Said.by("harvest", recipe, "--dir", folder.resolve("run")).err())
                .contains("harvest.traces: names traces, so that there is nothing to harvest; begin with curate");
    }
}
