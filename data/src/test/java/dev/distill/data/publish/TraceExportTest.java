package dev.distill.data.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.curate.GivenVerdicts;
import dev.distill.data.intake.ImportSettings;
import dev.distill.data.intake.ImportSource;
import dev.distill.data.intake.TraceImport;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.FileEntry;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ParquetRows;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceExportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<Message> talk = List.of(
            Message.system("Be brief."),
            Message.user("a"),
            Message.assistant("b"),
            Message.user("Is $1<2$?\n\"Ja\" 漢🙂"));

    private static Trace trace(List<Message> messages, int sample, @Nullable String reasoning, String answer) {
        Prompt prompt = Prompt.of(messages, "4", "set");
        List<Verdict> verdicts =
                List.of(sample == 0 ? Verdict.fail("math", "3 is not 4") : Verdict.pass("math", "equal"));
        return new Trace(
                Trace.unitId(prompt.id(), "T", Map.of(), sample),
                prompt.id(),
                sample,
                messages,
                reasoning,
                answer,
                answer,
                sample == 2 ? FinishReason.LENGTH : FinishReason.STOP,
                "4",
                "set",
                "T",
                new TreeMap<>(Map.of("temperature", "0.6")),
                new Usage(10, 0, 20, 15),
                Money.zero("USD"),
                1,
                Instant.parse("2026-01-01T00:00:00Z"),
                verdicts,
                "maths",
                "apache-2.0",
                new TreeMap<>(Map.of("level", "5", "uuid", "u-1", "solution", "Count to 4.")));
    }

    private List<Trace> questions() {
        List<Message> question = List.of(Message.user("2 + 2?"));
        return List.of(
                trace(question, 0, "Two and two.\n\nThree?", "3"),
                trace(question, 1, "Two and two.", "So \\boxed{4}."),
                trace(List.of(Message.user("Another")), 2, null, "no reasoning"));
    }

    private Path written(List<Trace> traces) throws IOException {
        return written(
                "curate", traces, Manifest.begin("curate", "test").withSettings(Map.of("curate.per-prompt", "2")));
    }

    private Path written(String name, List<Trace> traces, Manifest manifest) throws IOException {
        Path to = folder.resolve(name);
        try (TraceWriter out = TraceWriter.create(to)) {
            for (Trace trace : traces) {
                out.write(trace);
            }
            out.finish(manifest, new DatasetCard("t", "other", ""));
        }
        return to;
    }

    private static List<Trace> imported(Path set, Path to) throws IOException {
        TraceImport.run(ImportSource.of(set), ImportSettings.PLAIN, to, "test", _ -> {});
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(to)) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    /** What of a trace every format can say. */
    private static List<Object> said(Trace trace, boolean reasoning) {
        return List.of(
                trace.messages(),
                trace.promptId(),
                reasoning ? String.valueOf(trace.reasoning()) : "",
                trace.answer(),
                String.valueOf(trace.reference()),
                trace.teacher(),
                trace.finish(),
                String.valueOf(trace.domain()),
                String.valueOf(trace.licence()));
    }

    @ParameterizedTest
    @CsvSource({
        "messages, think-tags", "messages, separate", "messages, none",
        "sharegpt, think-tags", "sharegpt, separate", "sharegpt, none",
        "alpaca, think-tags", "alpaca, separate", "alpaca, none",
        "prompt-completion, think-tags", "prompt-completion, separate", "prompt-completion, none",
        "hf, think-tags", "hf, separate", "hf, none"
    })
    void whatIsExportedIsImportedAgain(String format, String place) throws IOException {
        List<Trace> traces = new ArrayList<>(questions());
        traces.add(trace(talk, 1, "T\n<b>", "A"));
        ExportSettings settings = ExportSettings.of(ExportFormat.of(format)).with(ReasoningPlace.of(place));
        Path to = folder.resolve("out");
        Manifest manifest = TraceExport.run(written(traces), settings, to, "test", _ -> {});
        assertThat(manifest.counts()).containsEntry("traces", 4L);

        List<Trace> back = imported(to, folder.resolve("back"));
        boolean reasoning = !place.equals("none");
        assertThat(back.stream().map(trace -> said(trace, reasoning)))
                .isEqualTo(traces.stream().map(trace -> said(trace, reasoning)).toList());
        assertThat(back.stream().map(Trace::verdicts))
                .as("what a file says, not what was checked here")
                .isEqualTo(traces.stream()
                        .map(GivenVerdicts.STANDARD::of)
                        .map(Trace::verdicts)
                        .toList());
        assertThat(back.getFirst().extra()).containsEntry("level", "5").containsEntry("source", "set");
        assertThat(back.getFirst().extra())
                .containsEntry("trace_id", traces.getFirst().id());
    }

    @Test
    void promptsAndCompletionsAreTextsWhereTheySayAll() throws IOException {
        Path to = folder.resolve("out");
        TraceExport.run(written(questions()), ExportSettings.of(ExportFormat.PROMPT_COMPLETION), to, "test", _ -> {});
        JsonNode row =
                JSON.readTree(Files.readAllLines(to.resolve("train.jsonl")).get(1));
        assertThat(row.path("prompt").asText()).isEqualTo("2 + 2?");
        assertThat(row.path("completion").asText()).isEqualTo("<think>\nTwo and two.\n</think>\n\nSo \\boxed{4}.");
        assertThat(imported(to, folder.resolve("back")).stream().map(Trace::reasoning))
                .isEqualTo(questions().stream().map(Trace::reasoning).toList());
    }

    @Test
    void openR1HasARowForEachQuestion() throws IOException {
        Path to = folder.resolve("out");
        Manifest manifest =
                TraceExport.run(written(questions()), ExportSettings.of(ExportFormat.OPENR1_MATH), to, "test", _ -> {});
        assertThat(manifest.outputs().getFirst().path()).isEqualTo("data/train-00000-of-00001.parquet");
        assertThat(manifest.outputs().getFirst().rows()).isEqualTo(OptionalLong.of(2));
        try (ParquetRows rows =
                ParquetRows.open(to.resolve(manifest.outputs().getFirst().path()), _ -> true)) {
            Map<String, @Nullable Object> row = Objects.requireNonNull(rows.next());
            assertThat(row)
                    .containsEntry("problem", "2 + 2?")
                    .containsEntry("answer", "4")
                    .containsEntry("solution", "Count to 4.")
                    .containsEntry("uuid", "u-1")
                    .containsEntry("source", "set")
                    .containsEntry("correctness_math_verify", List.of(false, true))
                    .containsEntry("correctness_llama", null)
                    .containsEntry("finish_reasons", List.of("stop", "stop"))
                    .containsEntry("correctness_count", 1L)
                    .containsEntry(
                            "generations",
                            List.of(
                                    "<think>\nTwo and two.\n\nThree?\n</think>\n\n3",
                                    "<think>\nTwo and two.\n</think>\n\nSo \\boxed{4}."));
            assertThat(String.valueOf(row.get("messages"))).contains("boxed{4}").doesNotContain("Three");
        }
        List<Trace> back = imported(to, folder.resolve("back"));
        assertThat(back.stream().map(trace -> said(trace, true)))
                .isEqualTo(questions().stream().map(trace -> said(trace, true)).toList());
        assertThat(back.getFirst().extra()).containsEntry("solution", "Count to 4.");
        assertThat(back.get(1).verdicts())
                .containsExactly(Verdict.pass("correctness_math_verify", "the data set says so"));

        Path talks = written("talks", List.of(trace(talk, 1, "T", "A")), Manifest.begin("curate", "test"));
        assertThatThrownBy(() -> TraceExport.run(
                        talks, ExportSettings.of(ExportFormat.OPENR1_MATH), folder.resolve("no"), "test", _ -> {}))
                .hasMessageContaining(
                        "openr1-math has one question, and this conversation has 4 messages; use --as hf");
        assertThat(folder.resolve("no")).doesNotExist();
        assertThat(folder.resolve(".no.tmp")).doesNotExist();
    }

    @Test
    void theSameTracesMakeTheSameBytes() throws IOException {
        Path from = written(questions());
        for (ExportFormat format : ExportFormat.values()) {
            ExportSettings settings = ExportSettings.of(format).withSize(new ShardSize(1, 1));
            Path first = folder.resolve("first-" + format.word());
            Path second = folder.resolve("second-" + format.word());
            Manifest one = TraceExport.run(from, settings, first, "test", _ -> {});
            Manifest two = TraceExport.run(from, settings, second, "test", _ -> {});
            assertThat(one.outputs()).isEqualTo(two.outputs());
            assertThat(Files.readString(first.resolve("README.md")))
                    .isEqualTo(Files.readString(second.resolve("README.md")));
            if (format == ExportFormat.HF) {
                assertThat(one.outputs().stream().map(FileEntry::path))
                        .containsExactly(
                                "data/train-00000-of-00003.parquet",
                                "data/train-00001-of-00003.parquet",
                                "data/train-00002-of-00003.parquet");
            }
            assertThat(TraceExport.run(from, settings, first, "test", _ -> {}).startedAt())
                    .as("done already")
                    .isEqualTo(one.startedAt());
        }
    }

    @Test
    void theCardSaysHowItCameAbout() throws IOException {
        Path harvest = written(
                "harvest",
                questions(),
                Manifest.begin("harvest", "test 1")
                        .withSettings(Map.of("teacher.model", "deepseek-reasoner"))
                        .withInput(new FileEntry("prompts.jsonl", 12, "a".repeat(64), OptionalLong.empty())));
        Path curate = written(
                "curate",
                questions().subList(0, 2),
                Manifest.begin("curate", "test 1")
                        .withSettings(Map.of("curate.undecided", "drop"))
                        .withInput(new FileEntry(
                                "harvest", 1, Manifest.read(harvest).outputsHash(), OptionalLong.empty())));
        Files.writeString(
                curate.resolve("report.json"),
                "{\"read\": 3, \"kept\": 2, \"dropped\": {\"finished\": 1, \"a|b\": 0}}");
        Path to = folder.resolve("out");
        TraceExport.run(
                curate,
                ExportSettings.of(ExportFormat.HF).withSplit("sft").withCard(null, null, List.of("en")),
                to,
                "test 1",
                _ -> {});
        String card = Files.readString(to.resolve("README.md"));
        assertThat(card).startsWith("""
                ---
                license: apache-2.0
                pretty_name: "Reasoning traces: curate"
                language:
                - en
                task_categories:
                - text-generation
                size_categories:
                - n<1K
                tags:
                - reasoning
                - distillation
                - chain-of-thought
                configs:
                - config_name: default
                  data_files:
                  - split: sft
                    path: data/sft-*.parquet
                ---

                # Reasoning traces: curate

                2 traces: prompts with a teacher's reasoning and answer.""");
        assertThat(card)
                .contains("2 of 3 traces were kept.")
                .contains("| finished | 1 |\n| a\\|b | 0 |")
                .contains("**harvest**, by test 1: traces 3\n\n- `teacher.model`: deepseek-reasoner")
                .contains("**curate**, by test 1: traces 2\n\n- `curate.undecided`: drop")
                .contains("| harvest | prompts.jsonl | 12 | " + "a".repeat(64) + " |")
                .contains("| teacher T | 2 |")
                .contains("| licence apache-2.0 | 2 |")
                .contains("| data/sft-00000-of-00001.parquet | 2 | ");
    }

    @Test
    void licencesOfTheTracesAreThoseOfTheCard() throws IOException {
        Path from = written(questions());
        assertThat(header(from, null)).contains("license: apache-2.0\n");
        assertThat(header(from, "mit")).contains("license: mit\n");
        Trace free = questions().getFirst();
        Path mixed = written(
                "mixed",
                List.of(
                        free,
                        new Trace(
                                free.id(),
                                free.promptId(),
                                9,
                                free.messages(),
                                null,
                                "x",
                                "x",
                                free.finish(),
                                null,
                                "s",
                                "T",
                                free.parameters(),
                                free.usage(),
                                free.cost(),
                                1,
                                free.completedAt(),
                                List.of())),
                Manifest.begin("harvest", "test"));
        assertThat(header(mixed, null))
                .contains("license: other\n")
                .contains("licences of their prompts: apache-2.0; some name none.");
    }

    private String header(Path from, @Nullable String licence) throws IOException {
        Path to = folder.resolve("card-" + from.getFileName() + licence);
        ExportSettings settings = ExportSettings.of(ExportFormat.MESSAGES).withCard(null, licence, List.of());
        TraceExport.run(from, settings, to, "test", _ -> {});
        return Files.readString(to.resolve("README.md"));
    }

    @Test
    void whatIsThereIsNotOverwritten() throws IOException {
        Path from = written(questions());
        Path to = Files.createDirectories(folder.resolve("mine"));
        assertThatThrownBy(() -> TraceExport.run(from, ExportSettings.of(ExportFormat.HF), to, "test", _ -> {}))
                .hasMessage("export " + to
                        + ": exists already, and is not this export; give another name, or move it away");
        Path none = written("none", List.of(), Manifest.begin("curate", "test"));
        assertThatThrownBy(() -> TraceExport.run(
                        none, ExportSettings.of(ExportFormat.HF), folder.resolve("empty"), "test", _ -> {}))
                .hasMessageStartingWith("export " + none + ": there is no trace in it");
        assertThat(folder.resolve("empty")).doesNotExist();
        assertThatThrownBy(() -> ExportFormat.of("csv"))
                .hasMessage(
                        "--as must be one of messages, sharegpt, alpaca, prompt-completion, hf, openr1-math; got csv");
        assertThatThrownBy(() -> ReasoningPlace.of("here"))
                .hasMessage("--reasoning must be one of think-tags, separate, none; got here");
        assertThatThrownBy(() -> ExportSettings.of(ExportFormat.HF).withSplit("../x"))
                .hasMessage("--split must be 1 to 40 small letters, digits or _, as train; got ../x");
        assertThatThrownBy(() -> ExportSettings.of(ExportFormat.OPENR1_MATH).with(ReasoningPlace.SEPARATE))
                .hasMessageContaining("openr1-math has no column for it; use think-tags, or --as hf");
    }
}
