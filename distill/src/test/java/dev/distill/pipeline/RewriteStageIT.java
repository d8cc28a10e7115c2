package dev.distill.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.intake.PromptFile;
import dev.distill.data.intake.PromptFormat;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.respond.TinyStudent;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.teacher.harvest.HarvestResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prompts made of prompts by a teacher over HTTP; and traces of a teacher in this process. */
@Timeout(120)
class RewriteStageIT {
    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("prompts.jsonl"), """
                {"question": "Ann has 3 apples and buys 4. How many has she?", "answer": "7"}
                {"question": "What is 2 + 2?", "answer": "4"}
                {"messages": [{"role": "system", "content": "brief"}, {"role": "user", "content": "What is 9 - 5?"}], "answer": "4"}
                """);
    }

    private Recipe recipe(String url, Map<String, String> more) throws IOException {
        Map<String, String> options = new HashMap<>(Map.of(
                "name", "r",
                "teacher.url", url,
                "teacher.model", "m",
                "teacher.tariff", "free",
                "teacher.max-tokens", "12",
                "prompts.files", folder.resolve("prompts.jsonl").toString(),
                "prompts.template", "{question} Think."));
        options.putAll(more);
        return Recipe.read(null, options);
    }

    private RewriteStage.Result rewrite(Recipe recipe) throws IOException {
        try (Ops ops = new CpuOps()) {
            return RewriteStage.run(recipe, new RunFolder(folder.resolve("run")), () -> ops, new Unheard(), new Stop());
        }
    }

    private static List<JsonNode> lines(RewriteStage.Result result) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(result.file())) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    @Test
    void aParaphraseKeepsTheAnswerAndWhatIsNoneIsDropped() throws IOException {
        try (ChatServer server = new ChatServer(said -> said.contains("Ann")
                ? "<think>hm</think>Draft: <question>no</question> Final: <question>Ann owns 4 apples, then 3 more. How many?"
                        + "</question>"
                : said.contains("2 + 2")
                        ? "<question>What is 2 + 3?</question>"
                        : "<question>what  is 9 - 5?</question>")) {
            Recipe recipe = recipe(server.url(), Map.of("rewrite.how", "paraphrase"));
            RewriteStage.Result result = rewrite(recipe);

            assertThat(result.questions()).isOne();
            assertThat(result.withReference()).isOne();
            assertThat(result.dropped()).isEqualTo(Map.of("other_numbers", 1, "unchanged", 1));
            JsonNode line = lines(result).getFirst();
            assertThat(line.path("prompt").asText()).isEqualTo("Ann owns 4 apples, then 3 more. How many?");
            assertThat(line.path("reference").asText()).isEqualTo("7");
            Prompt source = Prompt.of(
                    List.of(Message.user("Ann has 3 apples and buys 4. How many has she?")), "7", "prompts.jsonl");
            JsonNode provenance = line.path("provenance");
            assertThat(provenance.path("source_prompt").asText()).isEqualTo(source.id());
            assertThat(provenance.path("source").asText()).isEqualTo("prompts.jsonl");
            assertThat(provenance.path("rewrite").asText()).isEqualTo("paraphrase");
            assertThat(provenance.path("teacher").asText()).isEqualTo("m-1");
            assertThat(provenance.path("template").asText()).hasSize(32);
            assertThat(provenance.path("unit").asText()).hasSize(32);
            assertThat(PromptFile.read(result.file(), PromptFormat.PLAIN).prompts())
                    .containsExactly(Prompt.of(
                            List.of(Message.user("Ann owns 4 apples, then 3 more. How many?")), "7", "prompts.jsonl"));

            rewrite(recipe);
            assertThat(server.requests).hasValue(3); // its ledger holds them
        }
    }

    @Test
    void harderQuestionsHaveNoReferenceAndSayWhyAndConversationsStayWhole() throws IOException {
        try (ChatServer server = new ChatServer(said -> "<question>Harder: "
                + said.substring(said.indexOf("question:") + 9).strip() + " And then?</question>")) {
            RewriteStage.Result result =
                    rewrite(recipe(server.url(), Map.of("rewrite.how", "harder", "rewrite.count", "2")));

            assertThat(result.questions()).isEqualTo(6);
            assertThat(result.withReference()).isZero();
            assertThat(lines(result)).allSatisfy(line -> {
                assertThat(line.path("reference").isNull()).isTrue();
                assertThat(line.path("no_reference").asText()).isEqualTo("a harder question has another answer");
            });
            assertThat(lines(result).getLast().path("messages").toString())
                    .isEqualTo(
                            "[{\"role\":\"system\",\"content\":\"brief\"},{\"role\":\"user\",\"content\":\"Harder: What is"
                                    + " 9 - 5? And then?\"}]");
            assertThat(PromptFile.read(result.file(), PromptFormat.PLAIN).prompts())
                    .hasSize(3)
                    .allSatisfy(prompt -> assertThat(prompt.reference()).isNull());
        }
    }

    @Test
    void wordsOfOnesOwnMustLeaveRoomForTheQuestion() throws IOException {
        Path own = Files.writeString(folder.resolve("own.txt"), "Say {question} better.");
        assertThatThrownBy(() -> rewrite(recipe("http://127.0.0.1:9/v1", Map.of("rewrite.template", own.toString()))))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(
                        "rewrite.template: must contain {question}, and ask for the new question between");
    }

    private List<Trace> harvested(String run, Map<String, String> more) throws IOException {
        Map<String, String> options = new HashMap<>(more);
        options.put("teacher.tariff", "auto");
        RunFolder here = new RunFolder(folder.resolve(run));
        try (Ops ops = new CpuOps()) {
            HarvestResult result =
                    HarvestStage.run(recipe("local", options), here, () -> ops, new Unheard(), new Stop());
            assertThat(result.completed()).isEqualTo(6);
            assertThat(result.spent().amount()).isZero();
            assertThat(result.boughtTokens()).isPositive();
        }
        List<Trace> traces = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(here.harvest())) {
            reader.forEachRemaining(traces::add);
        }
        return traces;
    }

    private static List<String> said(List<Trace> traces) {
        return traces.stream()
                .map(trace -> trace.id() + trace.reasoning() + trace.answer() + trace.usage())
                .toList();
    }

    @Test
    void aModelInThisProcessHarvestsTheSameAgainAndOthersOfItsNameSomethingElse() throws IOException {
        Path model = TinyStudent.write(folder.resolve("tiny"), 5);
        SequencedMap<String, String> local = new java.util.LinkedHashMap<>();
        local.put("teacher.model", model.toString());
        local.put("teacher.slots", "4");
        local.put("harvest.samples", "2");
        List<Trace> first = harvested("one", local);
        assertThat(first.getFirst().teacher()).isEqualTo("tiny");
        local.put("teacher.slots", "1");
        assertThat(said(harvested("two", local))).isEqualTo(said(first));
        TinyStudent.write(folder.resolve("tiny"), 6);
        assertThat(harvested("one", local).stream().map(Trace::id))
                .doesNotContainAnyElementsOf(first.stream().map(Trace::id).toList());
    }

    @Test
    void aModelThatIsNotThereIsToldBeforeAnything() throws IOException {
        Recipe recipe = recipe("local", Map.of("teacher.model", "no such model"));
        assertThatThrownBy(() -> Preflight.check(recipe, Pipeline.Stage.HARVEST, Pipeline.Stage.HARVEST))
                .hasMessageContaining("teacher.model: no such model")
                .hasMessageContaining("there is no such file or folder, and it is no hub id");
    }
}
