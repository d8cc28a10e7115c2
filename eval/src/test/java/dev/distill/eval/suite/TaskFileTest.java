package dev.distill.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.task.Conditions;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskFileTest {
    @TempDir
    Path folder;

    static List<String> builtIn() {
        return TaskFile.builtIn();
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void everyTaskOfOurOwnIsValid(String name) throws IOException {
        TaskFile file = TaskFile.of(name);
        assertThat(file.name()).isEqualTo(name);
        assertThat(file.title()).isNotEqualTo(name);
        assertThat(file.data().dataset()).contains("/");
        assertThat(file.data().files()).isNotEmpty();
    }

    @Test
    void r1sNumbersOfSamplesAreTheTasks() throws IOException {
        assertThat(List.of(
                        TaskFile.of("aime24").samples(),
                        TaskFile.of("math-500").samples(),
                        TaskFile.of("gpqa-diamond").samples(),
                        TaskFile.of("livecodebench").samples()))
                .containsExactly(64, 4, 8, 16);
    }

    @Test
    void oneOfOnesOwnTakesTenLines() throws IOException {
        Files.writeString(folder.resolve("capitals.jsonl"), """
                {"land": "France", "capital": "Paris", "continent": "Europe"}
                {"land": "Chad", "capital": "N'Djamena", "continent": "Africa"}
                """);
        Path yaml = Files.writeString(folder.resolve("capitals.yaml"), """
                title: Capitals of the world
                data:
                  files: [capitals.jsonl]
                  licence: CC0-1.0
                columns:
                  question: land
                  reference: capital
                facets: {continent: continent}
                template: "What is the capital of {question}? Give its name alone."
                grading: exact
                """);
        TaskFile file = TaskFile.of(yaml.toString());
        Task task = TaskLoader.load(
                file, TaskData.find(file, List.of()), TaskLoader.Asking.of(Protocol.of("greedy"), file, 0));
        assertThat(task.name()).isEqualTo("capitals");
        assertThat(task.grading()).isEqualTo(Grading.EXACT);
        assertThat(task.prompts().getFirst().question())
                .isEqualTo("What is the capital of France? Give its name alone.");
        assertThat(task.prompts().get(1).reference()).isEqualTo("N'Djamena");
        assertThat(task.questions().get(1).facets()).isEqualTo(Map.of("continent", "Africa"));
        assertThat(task.origin().licence()).isEqualTo("CC0-1.0");
        assertThat(task.origin().files()).containsOnlyKeys("capitals.jsonl");
        assertThat(task.decoding()).isEqualTo(Decoding.greedy(32_768));
    }

    @Test
    void bareQuestionsAreMathematics() throws IOException {
        Path jsonl = Files.writeString(folder.resolve("sums.jsonl"), "{\"question\": \"1+1\", \"answer\": 2}\n");
        TaskFile file = TaskFile.of(jsonl.toString());
        Task task = TaskLoader.load(
                file, TaskData.find(file, List.of()), new TaskLoader.Asking(Decoding.greedy(9), "", "Be brief.", 10));
        assertThat(task.name()).isEqualTo("sums");
        assertThat(task.grading()).isEqualTo(Grading.MATH);
        assertThat(task.prompts().getFirst().reference()).isEqualTo("2");
        assertThat(task.prompts().getFirst().messages().getFirst().content()).isEqualTo("Be brief.");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        Path yaml = Files.writeString(folder.resolve("bad.yaml"), """
                titel: typing
                data:
                  split: test
                columns:
                  questoin: q
                template: "{question} {optoins} \\\\boxed{answer}"
                grading: multiple
                samples: none
                """);
        assertThatThrownBy(() -> TaskFile.of(yaml.toString()))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("titel: there is no such key; did you mean title?")
                .hasMessageContaining("data: must name dataset (OWNER/NAME) or files; got neither")
                .hasMessageContaining("columns.questoin: there is no such key; did you mean question?")
                .hasMessageContaining("template: there is nothing to put for {optoins}; did you mean {options}?")
                .hasMessageContaining(
                        "grading: must be one of math, choice, code, instructions, exact, judge; got multiple")
                .hasMessageContaining("samples: must be a whole number from 1 to 4096; got none")
                .satisfies(e -> assertThat(((SuiteException) e).problems()).hasSize(6));
    }

    @Test
    void aChoiceNeedsOptions() throws IOException {
        Path yaml = Files.writeString(
                folder.resolve("c.yaml"), "data: {files: [c.jsonl]}\ngrading: choice\nkeep: {year: 1..2}\n");
        assertThatThrownBy(() -> TaskFile.of(yaml.toString()))
                .hasMessageContaining("columns: grading: choice needs options")
                .hasMessageContaining("template: must contain {options} for grading: choice")
                .hasMessageContaining("keep.year: must be a facet; there are ");
    }

    @Test
    void placesInCapitalsOrWithSignsAreCheckedToo() throws IOException {
        Path yaml = Files.writeString(folder.resolve("p.yaml"), """
                data: {files: [p.jsonl]}
                template: "{question} {Question} {final_answer} x^{n} \\\\frac{a}{b} \\\\boxed{answer}"
                """);
        assertThatThrownBy(() -> TaskFile.of(yaml.toString()))
                .hasMessageContaining("template: there is nothing to put for {Question}; did you mean {question}?")
                .hasMessageContaining("template: there is nothing to put for {final_answer}; known: question")
                .satisfies(e -> assertThat(((SuiteException) e).problems()).hasSize(2));
    }

    /** Without its options a choice is no choice, and a program without its starter code cannot be called. */
    @Test
    void otherWordsMustShowWhatTheTasksOwnShow() throws IOException {
        TaskFile gpqa = TaskFile.of("gpqa-diamond");
        assertThatThrownBy(() -> gpqa.asked("eval.template", "Answer this: {question} {optoins}"))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining("eval.template, for task gpqa-diamond: ")
                .hasMessageContaining("there is nothing to put for {optoins}; did you mean {options}?")
                .hasMessageContaining("must contain {options} as the task's own words do; else nobody sees it");
        assertThat(gpqa.asked("eval.template", "{question}\n{options}").template())
                .isEqualTo(new QuestionTemplate("{question}\n{options}", ""));
        assertThatThrownBy(() -> TaskFile.of("livecodebench").asked("eval.template", "{question}"))
                .hasMessageContaining("must contain {starter}");
    }

    @Test
    void namesOfFilesDoNotLeadOutOfTheirFolder() throws IOException {
        Path yaml = Files.writeString(folder.resolve("o.yaml"), """
                data: {dataset: ../secrets, files: [../x.jsonl, /etc/passwd, "a/../../b.jsonl", fine/a..b.jsonl], repository: ['C:\\x']}
                """);
        assertThatThrownBy(() -> TaskFile.of(yaml.toString()))
                .hasMessageContaining("data.dataset: must be OWNER/NAME; got ../secrets")
                .hasMessageContaining(
                        "data.files: must be names below the folder that is searched, without .. and not absolute;"
                                + " got ../x.jsonl; give the file's name here, and its folder where data is looked for")
                .hasMessageContaining("got /etc/passwd")
                .hasMessageContaining("got a/../../b.jsonl")
                .hasMessageContaining("data.repository: must be names below")
                .satisfies(e -> assertThat(((SuiteException) e).problems()).hasSize(5));
    }

    @Test
    void theProtocolIsKnownToTheTask() throws IOException {
        Path jsonl = Files.writeString(folder.resolve("sums.jsonl"), "{\"question\": \"1+1\", \"answer\": 2}\n");
        TaskFile file = TaskFile.of(jsonl.toString());
        TaskData data = TaskData.find(file, List.of());
        Task task = TaskLoader.load(file, data, TaskLoader.Asking.of(Protocol.of("simple-evals"), file, 0));
        assertThat(Conditions.of(task))
                .isEqualTo(new Conditions("simple-evals", "You are a helpful assistant.", task.decoding()));
    }

    @Test
    void moreTestsThanMemoryAreRefused() {
        Question question = Question.of(Prompt.of(List.of(Message.user("q")), "x".repeat(600), "s"));
        TestsMemory memory = new TestsMemory(1_000);
        memory.take("t", question);
        assertThatThrownBy(() -> memory.take("t", question))
                .isInstanceOf(SuiteException.class)
                .hasMessageContaining(
                        "task t: the references of its questions, with their tests, must come to at most");
    }

    @Test
    void whatIsNoYamlIsToldWithItsLine() throws IOException {
        Path yaml = Files.writeString(folder.resolve("c.yaml"), "name: a\ndata: [\n");
        assertThatThrownBy(() -> TaskFile.of(yaml.toString())).hasMessageContaining("is not YAML");
    }

    @Test
    void aNameThatIsNoneIsGuessed() {
        assertThatThrownBy(() -> TaskFile.of("math500"))
                .hasMessage("task math500: there is no task of that name, nor is there such a file;"
                        + " did you mean math-500?");
    }

    @Test
    void aLimitTakesTheFirstAndReadsNoFurther() throws IOException {
        Files.writeString(folder.resolve("c.jsonl"), "{\"question\": \"1+1\", \"answer\": 2}\n{\"question\": \"2\"}\n");
        TaskFile file = TaskFile.of(folder.resolve("c.jsonl").toString());
        Task task = TaskLoader.load(
                file, TaskData.find(file, List.of()), new TaskLoader.Asking(Decoding.greedy(9), "", null, 1));
        assertThat(task.prompts()).extracting(prompt -> prompt.question()).containsExactly("1+1");
    }

    @Test
    void facetsChooseWhatIsAsked() throws IOException {
        Files.writeString(folder.resolve("k.jsonl"), """
                {"question": "a", "answer": 1, "date": "2024-07-31", "kind": "x"}
                {"question": "b", "answer": 1, "date": "2024-08-01T00:00:00", "kind": "x"}
                {"question": "c", "answer": 1, "date": "2025-01-31T23:00:00", "kind": "y"}
                {"question": "d", "answer": 1, "date": "2025-01-31T23:00:00", "kind": "x"}
                {"question": "e", "answer": 1, "date": "2025-02-01", "kind": "x"}
                """);
        Path yaml = Files.writeString(folder.resolve("k.yaml"), """
                data: {files: [k.jsonl]}
                facets: {date: date, kind: kind}
                keep: {date: 2024-08-01..2025-02-01, kind: x}
                """);
        TaskFile file = TaskFile.of(yaml.toString());
        Task task =
                TaskLoader.load(file, TaskData.find(file, List.of()), TaskLoader.Asking.of(Protocol.of("r1"), file, 0));
        assertThat(task.prompts()).extracting(prompt -> prompt.question()).containsExactly("b", "d");
    }

    @Test
    void rowsThatCannotBeUsedAreNamed() throws IOException {
        Files.writeString(folder.resolve("c.jsonl"), "{\"question\": \"1+1\", \"answer\": 2}\n{\"question\": \"2\"}\n");
        TaskFile file = TaskFile.of(folder.resolve("c.jsonl").toString());
        TaskData data = TaskData.find(file, List.of());
        assertThatThrownBy(() -> TaskLoader.load(file, data, new TaskLoader.Asking(Decoding.greedy(9), "", null, 2)))
                .hasMessageContaining("line 2: has nothing in reference, expected_answer, answer; it has question;"
                        + " name the right one in columns.reference");
    }

    /** Answers lie in a folder of the task's name. */
    @Test
    void aNameIsNoWayOutOfItsFolder() throws IOException {
        Path yaml = Files.writeString(folder.resolve("d.yaml"), "name: '..'\ndata: {files: [x.jsonl]}\n");
        assertThatThrownBy(() -> TaskFile.read(yaml)).hasMessageContaining("name: must be 1 to 100 letters");
        Path bare = Files.writeString(folder.resolve("...jsonl"), "{}\n");
        assertThatThrownBy(() -> TaskFile.read(bare)).hasMessageContaining("rename the file");
    }
}
