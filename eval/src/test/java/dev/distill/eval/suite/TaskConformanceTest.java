package dev.distill.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.distill.eval.task.Question;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The real data sets that are at hand, through the tasks of our own. */
class TaskConformanceTest {
    private static Path benchmarks;

    @BeforeAll
    static void find() {
        Path folder = Path.of(System.getProperty("distill.conformance", ""));
        benchmarks = folder.resolve("benchmarks");
        assumeTrue(
                !folder.toString().isEmpty() && Files.isDirectory(benchmarks),
                "skipped: no benchmarks in the folder named by -Ddistill.conformance (\"" + folder + "\")");
    }

    private static Task load(String name) throws IOException {
        TaskFile file = TaskFile.of(name);
        TaskData data = TaskData.find(file, List.of(benchmarks));
        return TaskLoader.load(file, data, TaskLoader.Asking.of(Protocol.of("r1"), file, 1));
    }

    @Test
    void math500HasLevelsAndSubjects() throws IOException {
        Task task = load("math-500");
        assertThat(task.questions()).hasSize(500);
        assertThat(task.decoding().samples()).isEqualTo(4);
        Question first = task.questions().getFirst();
        assertThat(first.prompt().reference()).isEqualTo("\\left( 3, \\frac{\\pi}{2} \\right)");
        assertThat(first.facets()).isEqualTo(Map.of("level", "2", "subject", "Precalculus"));
        assertThat(first.prompt().source()).isEqualTo("HuggingFaceH4/MATH-500#test/precalculus/807.json");
        assertThat(first.prompt().question())
                .startsWith("Convert the point $(0,3)$")
                .endsWith("\n\nPlease reason step by step, and put your final answer within \\boxed{}.");
        Map<String, Long> levels = task.questions().stream()
                .collect(Collectors.groupingBy(question -> question.facets().get("level"), Collectors.counting()));
        // counted with: python3 -c "collections.Counter(json.loads(l)['level'] for l in open('math500.jsonl'))"
        assertThat(levels).isEqualTo(Map.of("1", 43L, "2", 90L, "3", 105L, "4", 128L, "5", 134L));
    }

    @Test
    void gsm8ksAnswersAreWhatFollowsTheMark() throws IOException {
        Task task = load("gsm8k");
        assertThat(task.questions()).hasSize(1319);
        assertThat(task.prompts().getFirst().reference()).isEqualTo("18");
        assertThat(task.prompts())
                .allSatisfy(prompt -> assertThat(prompt.reference()).matches("-?[\\d,.]+"));
    }

    @Test
    void bothYearsOfAime() throws IOException {
        for (String year : List.of("aime24", "aime25")) {
            Task task = load(year);
            assertThat(task.questions()).hasSize(30);
            assertThat(task.decoding().samples()).isEqualTo(64);
            assertThat(task.prompts())
                    .allSatisfy(prompt -> assertThat(prompt.reference()).matches("\\d{1,3}"));
            assertThat(task.origin().files().values()).allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        }
    }

    @Test
    void idsAreTheSameEveryTime() throws IOException {
        assertThat(load("aime25").questions()).isEqualTo(load("aime25").questions());
    }
}
