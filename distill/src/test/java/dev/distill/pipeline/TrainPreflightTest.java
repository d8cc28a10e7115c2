package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.BpeTrainer;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.respond.Language;
import dev.distill.student.model.AttentionShape;
import dev.distill.student.model.Family;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.Rope;
import dev.distill.train.SampleMaker.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What would spoil a training is found before its first step: each row misconfigures one thing, and is told its cure. */
class TrainPreflightTest {
    private static final String CHATML = """
            {%- for m in messages -%}
            {{- '<|im_start|>' + m['role'] + '\\n' + m['content'] + '<|im_end|>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
            """.strip();

    @TempDir
    Path folder;

    private boolean stop;

    /**
     * A student and what it is to learn; everything is right but for what a row changes.
     *
     * @param template null for none
     * @param rows of the embedding that are missing at its end
     */
    private record Setup(
            String name,
            @Nullable String template,
            int rows,
            List<Trace> traces,
            Objective objective,
            Map<String, String> keys,
            List<String> said) {

        static Setup of(String name, String... said) {
            return new Setup(name, CHATML, 0, List.of(), Objective.REASONING, Map.of(), List.of(said));
        }

        Setup with(@Nullable String other) {
            return new Setup(name, other, rows, traces, objective, keys, said);
        }

        Setup withoutRows(int missing) {
            return new Setup(name, template, missing, traces, objective, keys, said);
        }

        Setup with(Trace... more) {
            return new Setup(name, template, rows, List.of(more), objective, keys, said);
        }

        Setup with(Objective other) {
            return new Setup(name, template, rows, traces, other, keys, said);
        }

        Setup with(String key, String value) {
            Map<String, String> more = new LinkedHashMap<>(keys);
            more.put(key, value);
            return new Setup(name, template, rows, traces, objective, more, said);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Setup> misconfigurations() {
        return Stream.of(
                Setup.of("no template", "has no template \"default\"", "a base model? give a template of your own")
                        .with((String) null),
                Setup.of(
                                "another model's end of turn",
                                "student: the chat template ends an assistant's turn with \"<end_of_turn>\", in which"
                                        + " there is no token that ends this model's texts",
                                "Give the folder this model's own template, or name the token in eos_token_id")
                        .with(CHATML.replace("<|im_end|>", "<end_of_turn>")),
                Setup.of("no end of turn", "the chat template leaves an assistant's content out")
                        .with("{%- for m in messages -%}{%- if m['role'] != 'assistant' -%}{{- m['content'] -}}"
                                + "{%- endif -%}{%- endfor -%}"),
                Setup.of(
                                "more tokens than the embedding has rows",
                                "student: its tokenizer has \\d+ tokens and its model \\d+: token \\d+ \\(\".+\"\\), first in"
                                        + " trace t0, has no weights; give the folder the model's own tokenizer.json")
                        .withoutRows(40),
                Setup.of(
                                "reasoning that the template doubles",
                                "student: its chat template and tokenizer make 2 times <think> and 1 times </think> of the"
                                        + " reasoning of trace t0, which has one",
                                "the template must open the reasoning at most once and at the very end")
                        .with(CHATML.replace("assistant\\n'", "assistant\\n<think>\\nWell, '")),
                Setup.of(
                                "reasoning that the template closes",
                                "7 of 7 traces make no sample: sample: the chat template ends its prompt with </think>",
                                "train without reasoning")
                        .with(CHATML.replace("assistant\\n'", "assistant\\n<think></think>'")),
                Setup.of(
                                "a template that changes what was asked once it is answered",
                                "7 of 7 traces make no sample: sample of trace t0: training must see the prompt that"
                                        + " inference sees; they part at character \\d+")
                        .with("{{- messages | length -}}" + CHATML),
                Setup.of(
                                "a marker in the reasoning",
                                "1 of 8 traces make no sample: sample of trace t7: its reasoning holds \"</think>\"",
                                "drop the trace or split the reply again",
                                "\\(or leave them out: train.unfit: drop\\)")
                        .with(trace(7, "So </think> it is.", "2")),
                Setup.of(
                                "reasoning left in the answer",
                                "2 of 9 traces make no sample: sample of trace t7: its answer holds reasoning markers",
                                "its reasoning was never told apart")
                        .with(trace(7, null, "<think>One and one.</think>2"), trace(8, null, "One.</think> 2")),
                Setup.of(
                                "nothing to learn",
                                "1 of 8 traces make no sample: sample of trace t7: no token of it is trained but the end of"
                                        + " the turn, for its answer is empty; let curation drop such traces")
                        .with(trace(7, null, "  ")),
                Setup.of(
                                "nothing to learn but reasoning, which is not taught",
                                "sample of trace t7: no token of it is trained")
                        .with(trace(7, "One and one.", ""))
                        .with(Objective.ANSWER),
                Setup.of(
                                "contaminated data",
                                "train: 2 of 9 traces hold a held-out question \\(contamination:math500: question 12\\): t7, t8;"
                                        + " let curation drop them \\(curate.held-out\\), or say train.allow: contaminated")
                        .with(found(7, "contamination:math500", "question 12"), found(8, "contamination:aime", "1")),
                Setup.of(
                                "a licence and terms that forbid training",
                                "train: 1 of 9 traces have a prompt whose licence forbids training \\(licence: cc-by-nd\\): t7;"
                                        + " drop them, or say train.allow: licence",
                                "train: 1 of 9 traces have a teacher whose terms forbid training on its replies"
                                        + " \\(terms:provider: no competing models\\): t8")
                        .with(found(7, "licence", "cc-by-nd"), found(8, "terms:provider", "no competing models")),
                Setup.of(
                                "samples that are longer than a row",
                                "1 of 8 samples are longer than a row of 200 tokens \\(train.row-tokens\\); make the rows"
                                        + " longer, or set train.over-long to drop or split")
                        .with(trace(7, "One and one. ".repeat(100), "2"))
                        .with("train.over-long", "raise"));
    }

    @ParameterizedTest
    @MethodSource("misconfigurations")
    void isRefusedAndToldItsCure(Setup setup) {
        assertThatThrownBy(() -> samples(setup))
                .isInstanceOf(RecipeException.class)
                .satisfies(refusal -> setup.said.forEach(part -> assertThat(refusal.getMessage())
                        .containsPattern(part.replace("|", "\\|").replace("? ", "\\? "))));
    }

    @Test
    void allProblemsAreToldAtOnce() {
        Setup setup = Setup.of("many")
                .withoutRows(40)
                .with(trace(7, "One </think>", "2"), trace(8, null, ""), trace(9, "One and one. ".repeat(100), "2"))
                .with("train.over-long", "raise");
        assertThatThrownBy(() -> samples(setup))
                .isInstanceOfSatisfying(
                        RecipeException.class,
                        refusal -> assertThat(refusal.problems())
                                .hasSize(5)
                                .anyMatch(problem -> problem.contains("put eos_token_id of its config.json right"))
                                .anyMatch(problem -> problem.contains("trace t7"))
                                .anyMatch(problem -> problem.contains("trace t8"))
                                .anyMatch(problem -> problem.contains("has no weights"))
                                .anyMatch(problem -> problem.contains("1 of 8 samples are longer")));
    }

    @Test
    void whatIsRightIsNotRefused() throws IOException {
        assertThat(samples(Setup.of("right"))).hasSize(7);
        assertThat(samples(Setup.of("opened by the template")
                        .with(CHATML.replace("assistant\\n'", "assistant\\n<think>\\n'"))))
                .hasSize(7);
        assertThat(samples(Setup.of("answers alone").with(Objective.ANSWER))).hasSize(7);
        // rows beyond the tokenizer are padding
        assertThat(samples(Setup.of("padded").withoutRows(-64))).hasSize(7);
    }

    @Test
    void whatIsForbiddenIsTrainedOnWhereTheRecipeSaysSoAndLeavesNoOtherVerdictInTheWay() throws IOException {
        Setup setup = Setup.of("allowed")
                .with(
                        found(7, "contamination:math500", "question 12"),
                        found(8, "licence", "cc-by-nd"),
                        trace(9, "One and one.", "2").with(Verdict.fail("math", "2 is not 3")),
                        trace(10, "One and one.", "2").with(Verdict.pass("contamination:aime", "nothing in common")));
        assertThat(samples(setup.with("train.allow", "contaminated, licence"))).hasSize(11);
        assertThatThrownBy(() -> samples(setup.with("train.allow", "contaminated")))
                .isInstanceOfSatisfying(
                        RecipeException.class,
                        refusal -> assertThat(refusal.problems())
                                .singleElement()
                                .asString()
                                .contains("train.allow: licence"));
        assertThatThrownBy(() -> samples(setup.with("train.allow", "everything")))
                .hasMessageContaining("train.allow: must be of contaminated, licence, terms; got everything");
    }

    @Test
    void whatIsUnfitIsLeftOutWhereThatIsWanted() throws IOException {
        Setup setup = Setup.of("unfit")
                .with(trace(7, "One </think>", "2"), trace(8, "One and one.", "2"))
                .with("train.unfit", "drop");
        assertThat(samples(setup)).containsExactly("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t8");
        assertThatThrownBy(() -> samples(setup.with(CHATML.replace("assistant\\n'", "assistant\\n<think></think>'"))))
                .hasMessageContaining("none of 9 traces makes a sample");
    }

    /** A store that was made under other settings says all of it again: the second time nothing is rendered. */
    @Test
    void whatWasFoundIsToldOfAStoreThatIsThere() throws IOException {
        Setup dropped = Setup.of("unfit")
                .with(trace(7, "One </think>", "2"), trace(8, "One and one. ".repeat(100), "2"))
                .with("train.unfit", "drop");
        assertThat(samples(dropped)).hasSize(8);
        Path store = folder.resolve("train.samples");
        FileTime made = Files.getLastModifiedTime(store);
        Setup refused = dropped.with("train.unfit", "raise").with("train.over-long", "raise");
        assertThatThrownBy(() -> samples(refused))
                .hasMessageContaining("1 of 9 traces make no sample: sample of trace t7")
                .hasMessageContaining("1 of 8 samples are longer than a row of 200 tokens");
        assertThat(Files.getLastModifiedTime(store)).isEqualTo(made);
        assertThat(samples(dropped.with(Objective.ANSWER)))
                .as("another objective")
                .hasSize(9);
        assertThat(Files.getLastModifiedTime(store)).isGreaterThan(made);
    }

    @Test
    void aDamagedStoreIsMadeAgain() throws IOException {
        List<String> whole = samples(Setup.of("right"));
        Path store = folder.resolve("train.samples");
        byte[] bytes = Files.readAllBytes(store);
        bytes[bytes.length / 2] ^= 1;
        Files.write(store, bytes);
        assertThat(samples(Setup.of("right"))).isEqualTo(whole);
        bytes[bytes.length / 2] ^= 1;
        assertThat(Files.readAllBytes(store)).isEqualTo(bytes);
    }

    @Test
    void stoppedWhileTracesAreTokenisedNothingIsLeft() {
        Trace[] many =
                IntStream.range(7, 300).mapToObj(i -> trace(i, "One.", "2")).toArray(Trace[]::new);
        stop = true;
        assertThatThrownBy(() -> samples(Setup.of("many").with(many)))
                .isInstanceOf(Stop.StoppedException.class)
                .hasMessageContaining("stopped while traces were tokenised (256 were)");
        assertThat(folder).isDirectoryNotContaining("glob:**samples*");
    }

    /** The traces of the samples. */
    private List<String> samples(Setup setup) throws IOException {
        Path model = folder.resolve("model");
        List<AddedToken> special = List.of(
                AddedToken.special("<|endoftext|>"),
                AddedToken.special("<|im_start|>"),
                AddedToken.special("<|im_end|>"),
                AddedToken.plain("<think>"),
                AddedToken.plain("</think>"));
        BpeTrainer.train(List.of("What is one and one? Two, it is two. So it is."), 300, special)
                .write(model, "<|endoftext|>", "<|im_end|>", setup.template);
        List<Trace> traces = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            traces.add(trace(i, "One and one: it is two.", "2"));
        }
        traces.addAll(setup.traces);
        Map<String, String> keys = new LinkedHashMap<>(setup.keys);
        keys.put("train.row-tokens", "200");
        TrainPart train = Recipe.read(null, keys).train();
        try (Language words = Language.open(model)) {
            ModelConfig config = config(words.tokenizer().vocabularySize() - setup.rows);
            TrainPreflight preflight = new TrainPreflight(words, config, setup.objective, train);
            CuratedTraces curated = new CuratedTraces(curated(traces));
            try (TrainPreflight.Fit fit = preflight.samples(curated, folder.resolve("train.samples"), () -> stop)) {
                assertThat(fit.unfit()).isEqualTo(traces.size() - fit.samples().size());
                return IntStream.range(0, fit.samples().size())
                        .mapToObj(fit.samples()::traceId)
                        .toList();
            }
        }
    }

    /** A folder of these traces, the same files for the same traces: a Parquet footer is not. */
    private Path curated(List<Trace> traces) throws IOException {
        Path curated = folder.resolve("curated-" + traces.hashCode());
        if (!Files.exists(curated)) {
            CuratedFolder.write(curated, traces);
        }
        return curated;
    }

    private static ModelConfig config(int vocabulary) {
        return new ModelConfig(
                new Family.Qwen2(),
                vocabulary,
                8,
                1,
                new AttentionShape(2, 1, 4, true, false, false),
                16,
                Rope.of(100),
                1e-6,
                true,
                512,
                List.of(0));
    }

    private static Trace found(int i, String by, String reason) {
        return trace(i, "One and one.", "2").with(Verdict.fail(by, reason));
    }

    private static Trace trace(int i, @Nullable String reasoning, String answer) {
        return CuratedFolder.trace(i, "What is one and one? (" + i + ")", reasoning, answer, "2");
    }
}
