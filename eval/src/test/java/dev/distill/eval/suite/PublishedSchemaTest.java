package dev.distill.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.eval.code.CodeProblem;
import dev.distill.eval.code.PackedTestsTest;
import dev.distill.eval.grade.InstructionGrader;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks whose data is not at hand, on rows that were written for this test in the published schemas (columns and types as the data sets' cards have them). They
 * are tested on their schema alone: no real row of theirs has passed here.
 */
class PublishedSchemaTest {
    @TempDir
    Path folder;

    private Task load(String name, String file, String rows) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, rows);
        TaskFile task = TaskFile.of(name);
        return TaskLoader.load(
                task,
                TaskData.find(task, List.of(folder)),
                new TaskLoader.Asking(Decoding.greedy(100), "", null, Integer.MAX_VALUE));
    }

    /** The reference, of which the verifier reads so many tests. */
    private static JsonNode reference(Question question, int tests) throws IOException {
        String reference = String.valueOf(question.prompt().reference());
        assertThat(CodeProblem.of(reference).orElseThrow().tests()).hasSize(tests);
        return new ObjectMapper().readTree(reference);
    }

    private static final String GPQA = """
            Record ID,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3,Subdomain,High-level domain
            rec1,"Which is heaviest,
            by mass?"," iron ",lead?,"water, cold",air,Physics (general),Physics
            rec2,What is 2+2?,4,3,5,6,Mathematics,Maths
            """;

    @Test
    void gpqasOptionsArePermutedAndTheReferenceFollows() throws IOException {
        Task task = load("gpqa-diamond", "gpqa_diamond.csv", GPQA);
        Question first = task.questions().getFirst();
        assertThat(first.options()).containsExactlyInAnyOrder("iron", "lead?", "water, cold", "air");
        int right = first.letters().indexOf(String.valueOf(first.prompt().reference()));
        assertThat(first.options().get(right)).isEqualTo("iron");
        assertThat(first.prompt().question())
                .contains("'Answer: $LETTER' (without quotes) where LETTER is one of ABCD.")
                .contains(
                        "Which is heaviest,\nby mass?\n\nA) " + first.options().getFirst() + "\nB) ");
        assertThat(first.facets()).isEqualTo(Map.of("domain", "Physics", "subject", "Physics (general)"));
        assertThat(first.prompt().source()).isEqualTo("Idavidrein/gpqa/gpqa_diamond#rec1");
    }

    @Test
    void anOrderHangsOnTheQuestionAlone() throws IOException {
        Task whole = load("gpqa-diamond", "gpqa_diamond.csv", GPQA);
        String second = GPQA.lines().skip(3).findFirst().orElseThrow();
        String swapped = second.replace("4,3,5,6", "4,6,3,5");
        Task alone = load(
                "gpqa-diamond", "gpqa_diamond.csv", GPQA.lines().findFirst().orElseThrow() + "\n" + swapped + "\n");
        assertThat(alone.questions()).isEqualTo(whole.questions().subList(1, 2));
    }

    @Test
    void ordersAreEvenOverManyQuestions() throws IOException {
        StringBuilder rows = new StringBuilder(GPQA.lines().findFirst().orElseThrow() + "\n");
        for (int i = 0; i < 400; i++) {
            rows.append("r").append(i).append(",Question number ").append(i).append("?,yes,no,maybe,never,S,D\n");
        }
        Map<String, Long> letters = load("gpqa-diamond", "gpqa_diamond.csv", rows.toString()).questions().stream()
                .collect(
                        Collectors.groupingBy(one -> String.valueOf(one.prompt().reference()), Collectors.counting()));
        // of 400 fair draws among four each letter has 100, with a standard deviation of 8.7
        assertThat(letters.values()).hasSize(4).allMatch(count -> count > 65 && count < 135);
    }

    @Test
    void mmluProsLetterNamesAnOptionOfItsList() throws IOException {
        Task task = load("mmlu-pro", "mmlu_pro.jsonl", """
                {"question_id": 70, "question": "2+2?", "options": ["A", "1", "2", "3", "4", "5", "6", "7", "8", "9"], "answer": "E", "answer_index": 4, "cot_content": "", "category": "math", "src": "ori_mmlu"}
                """);
        Question question = task.questions().getFirst();
        assertThat(question.letters()).isEqualTo("ABCDEFGHIJ");
        int right = question.letters().indexOf(String.valueOf(question.prompt().reference()));
        assertThat(question.options().get(right)).isEqualTo("4");
        assertThat(question.facets()).containsEntry("subject", "math");
    }

    @Test
    void liveCodeBenchHasPublicAndPackedTests() throws IOException {
        String publicTests =
                "[{\\\"input\\\": \\\"5 5\\\\n\\\", \\\"output\\\": \\\"10\\\\n\\\", \\\"testtype\\\": \\\"stdin\\\"}]";
        Task task = load("livecodebench", "code_generation_lite/test5.jsonl", """
                {"question_title": "Sum", "question_content": "Add two numbers.", "platform": "atcoder", "question_id": "abc387_a", "contest_id": "abc387", "contest_date": "2025-01-04T00:00:00", "starter_code": "", "difficulty": "easy", "public_test_cases": "%s", "private_test_cases": "%s", "metadata": "{}"}
                {"question_title": "Max", "question_content": "The largest.", "platform": "leetcode", "question_id": "3700", "contest_id": "w1", "contest_date": "2025-01-05T00:00:00", "starter_code": "class Solution:\\n    def largest(self, xs: List[int]) -> int:\\n        ", "difficulty": "hard", "public_test_cases": "[{\\"input\\": \\"[1, 3, 2]\\", \\"output\\": \\"3\\", \\"testtype\\": \\"functional\\"}]", "private_test_cases": "[]", "metadata": "{\\"func_name\\": \\"largest\\"}"}
                """.formatted(
                        publicTests, PackedTestsTest.PROTOCOL_4));
        assertThat(reference(task.questions().getFirst(), 3).toString())
                .isEqualTo("{\"language\":\"python\",\"tests\":[{\"input\":\"5 5\\n\",\"output\":\"10\\n\"}],"
                        + "\"packed_tests\":[\"" + PackedTestsTest.PROTOCOL_4 + "\"]}");
        assertThat(task.questions().getFirst().facets())
                .isEqualTo(Map.of("date", "2025-01-04T00:00:00", "difficulty", "easy", "platform", "atcoder"));
        assertThat(task.prompts().getFirst().question()).contains("Read the inputs from stdin");
        assertThat(reference(task.questions().get(1), 1).path("fn_name").asText())
                .isEqualTo("largest");
        assertThat(task.prompts().get(1).question())
                .contains("Use the following starter code")
                .contains("```python\nclass Solution:\n    def largest(self, xs: List[int]) -> int:");
    }

    @Test
    void codeforcesHasLimitsAndRatingsAndLeavesOutWhatNeedsAChecker() throws IOException {
        Task task = load("codeforces", "codeforces.jsonl", """
                {"id": "1/A", "contest_id": "1", "index": "A", "title": "Theatre Square", "description": "Pave it.", "input_format": "n, m, a", "output_format": "flagstones", "note": null, "rating": 1000.0, "time_limit": 1.0, "memory_limit": 256.0, "official_tests": [{"input": "6 6 4\\n", "output": "4\\n"}], "generated_checker": null, "interaction_format": null}
                {"id": "1/B", "contest_id": "1", "index": "B", "title": "Any", "description": "Print any.", "input_format": "", "output_format": "", "note": null, "rating": 1200.0, "time_limit": 1.0, "memory_limit": 256.0, "official_tests": [{"input": "1\\n", "output": "1\\n"}], "generated_checker": "print(1)", "interaction_format": null}
                """);
        assertThat(task.questions()).hasSize(1);
        Question question = task.questions().getFirst();
        assertThat(question.facets()).isEqualTo(Map.of("rating", "1000", "contest", "1", "index", "A"));
        CodeProblem problem = CodeProblem.of(question.prompt().reference()).orElseThrow();
        assertThat(problem.timeLimitS()).hasValue(1);
        assertThat(problem.memoryLimitMib()).hasValue(256);
        assertThat(reference(question, 1).path("tests").toString())
                .isEqualTo("[{\"input\":\"6 6 4\\n\",\"output\":\"4\\n\"}]");
        assertThat(question.prompt().question()).contains("# Theatre Square").contains("## Input\nn, m, a");
    }

    /** Columns of the data set's card; what cannot be graded is left out, and the rest is asked. */
    @Test
    void codeforcesShowsExamplesAndLeavesOutWhatCannotBeGraded() throws IOException {
        String row = """
                {"id": "%s", "contest_id": "1", "index": "A", "title": "T", "description": "D %s.", "input_format": "i", "output_format": "o", "note": null, "examples": [{"input": "1 2\\n", "output": "3\\n"}, {"input": "4 5", "output": "9"}], "rating": 1000, "time_limit": 1.0, "memory_limit": 256.0, "official_tests": %s, "official_tests_complete": %s, "input_mode": "%s", "generated_checker": null, "interaction_format": null}
                """;
        String tests = "[{\"input\": \"1 2\", \"output\": \"3\"}]";
        Task task = load(
                "codeforces",
                "codeforces.jsonl",
                row.formatted("1/A", "a", tests, true, "stdio")
                        + row.formatted("1/B", "b", tests, true, "file")
                        + row.formatted("1/C", "c", tests, false, "stdio")
                        + row.formatted("1/D", "d", "[]", true, "stdio")
                        + row.formatted("1/E", "e", "null", true, "stdio"));
        assertThat(task.prompts()).extracting(prompt -> prompt.source()).containsExactly("open-r1/codeforces#1/A");
        assertThat(task.prompts().getFirst().question())
                .contains("## Examples\nInput:\n```\n1 2\n```\nOutput:\n```\n3\n```\n\nInput:\n```\n4 5\n```");
    }

    /** Tests of megabytes are kept packed until they are run. */
    @Test
    void longTestsArePackedAndRead() throws IOException {
        StringBuilder tests = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            tests.append(i == 0 ? "" : ",").append("{\"input\": \"").append(i).append("\", \"output\": \"1\"}");
        }
        Task task = load("codeforces", "codeforces.jsonl", """
                {"id": "1/A", "title": "T", "description": "D", "official_tests": [%s]}
                """.formatted(tests));
        String reference = String.valueOf(task.prompts().getFirst().reference());
        assertThat(reference).hasSizeLessThan(tests.length() / 4);
        assertThat(CodeProblem.of(reference).orElseThrow().tests()).hasSize(2_000);
    }

    @Test
    void humanEvalsTestsCallItsFunctionAndKnowItsHelpers() throws IOException {
        Task task = load("humaneval", "HumanEval.jsonl", """
                {"task_id": "HumanEval/38", "prompt": "def encode(s: str):\\n    return s[::-1]\\n\\n\\ndef decode(s: str):\\n    \\"\\"\\" undoes encode \\"\\"\\"\\n", "canonical_solution": "    return s[::-1]\\n", "test": "METADATA = {}\\n\\ndef check(candidate):\\n    assert candidate(encode('ab')) == 'ab'\\n", "entry_point": "decode"}
                """);
        assertThat(reference(task.questions().getFirst(), 1).path("test_code").asText())
                .startsWith("def encode(s: str):\n    return s[::-1]\n")
                .doesNotContain("def decode")
                .endsWith("check(decode)\n");
        assertThat(task.prompts().getFirst().source()).endsWith("#HumanEval/38");
    }

    @Test
    void humanEvalPlusHasTheSameColumns() throws IOException {
        Task task = load("humaneval-plus", "HumanEvalPlus.jsonl", """
                {"task_id": "HumanEval/0", "prompt": "def f(x):\\n    pass\\n", "canonical_solution": "", "entry_point": "f", "test": "import numpy as np\\n\\ndef check(candidate):\\n    assert candidate(1) == 1\\n"}
                """);
        assertThat(task.prompts().getFirst().reference())
                .contains("import numpy")
                .contains("check(f)");
    }

    @Test
    void ifevalsInstructionsKeepTheirArguments() throws IOException {
        Task task = load("ifeval", "ifeval_input_data.jsonl", """
                {"key": 1000, "prompt": "Write two lines without commas.", "instruction_id_list": ["punctuation:no_comma", "length_constraints:number_words"], "kwargs": [{"num_words": null}, {"relation": "at least", "num_words": 3}]}
                """);
        assertThat(task.prompts().getFirst().question()).isEqualTo("Write two lines without commas.");
        assertThat(InstructionGrader.check(task.prompts().getFirst().reference(), "One two"))
                .containsExactly(
                        new InstructionGrader.Followed("punctuation:no_comma", true, true),
                        new InstructionGrader.Followed("length_constraints:number_words", false, false));
    }

    @Test
    void aRowThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> load("mmlu-pro", "mmlu_pro.jsonl", """
                        {"question_id": 1, "question": "q", "options": ["a", "b"], "answer": "C", "category": "x"}
                        """))
                .hasMessageContaining(
                        "line 1: the right answer must be the letter, the text or the number from 0 of one"
                                + " of its 2 options; got C");
        assertThatThrownBy(() -> load("livecodebench", "livecodebench.jsonl", """
                        {"question_content": "q", "question_id": "1", "public_test_cases": "[]", "private_test_cases": "[]", "metadata": "{}"}
                        """))
                .hasMessageContaining("its data has no question that can be asked; left out: 1 for no tests in"
                        + " public_test_cases, private_test_cases");
    }
}
