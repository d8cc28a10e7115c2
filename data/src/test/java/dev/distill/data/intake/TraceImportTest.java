package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class TraceImportTest extends ImportScene {
    /** The columns of open-r1/OpenR1-Math-220k. */
    @Test
    void openR1HasATraceForEachGenerationAndItsChecksAsVerdicts() throws IOException {
        List<Trace> traces = read(
                R1,
                "{'problem': 'What is $1+1$?', 'solution': 'Count. $\\\\boxed{2}$', 'answer': '2', 'problem_type': 'Algebra',"
                        + " 'question_type': 'math-word-problem', 'source': 'olympiads', 'uuid': 'u-1',"
                        + " 'is_reasoning_complete': [true, false, true],"
                        + " 'generations': ['<think>\\nOne and one.\\n</think>\\n\\n$\\\\boxed{2}$', '<think>\\nHm', '<think>\\nBad\\n</think>\\n3'],"
                        + " 'correctness_math_verify': [true, false, false], 'correctness_llama': null,"
                        + " 'finish_reasons': null, 'correctness_count': 1,"
                        + " 'messages': [{'role': 'user', 'content': 'What is $1+1$?'}]}");
        assertThat(traces).hasSize(3);
        Trace first = traces.getFirst();
        assertThat(first.messages()).containsExactly(Message.user("What is $1+1$?"));
        assertThat(first.promptId())
                .isEqualTo(Prompt.of(first.messages(), null, "").id());
        assertThat(first.reasoning()).isEqualTo("One and one.");
        assertThat(first.answer()).isEqualTo("$\\boxed{2}$");
        assertThat(first.rawReply()).isEqualTo("<think>\nOne and one.\n</think>\n\n$\\boxed{2}$");
        assertThat(first.reference()).isEqualTo("2");
        assertThat(first.domain()).isEqualTo("maths");
        assertThat(first.source()).isEqualTo("data0.jsonl");
        assertThat(first.teacher()).isEqualTo("R1");
        assertThat(first.usage()).isEqualTo(Usage.NONE);
        assertThat(first.cost().amount().signum()).isZero();
        assertThat(first.attempts()).isEqualTo(1);
        assertThat(first.completedAt()).isEqualTo(Instant.EPOCH);
        assertThat(first.extra())
                .isEqualTo(Map.of(
                        "solution",
                        "Count. $\\boxed{2}$",
                        "problem_type",
                        "Algebra",
                        "question_type",
                        "math-word-problem",
                        "source",
                        "olympiads",
                        "uuid",
                        "u-1",
                        "correctness_count",
                        "1"));
        assertThat(traces.stream().map(Trace::sample)).containsExactly(0, 1, 2);
        assertThat(traces.stream().map(Trace::finish))
                .containsExactly(FinishReason.STOP, FinishReason.LENGTH, FinishReason.STOP);
        assertThat(traces.stream().flatMap(trace -> trace.verdicts().stream()))
                .containsExactly(
                        Verdict.pass("correctness_math_verify", "the data set says so"),
                        Verdict.fail("correctness_math_verify", "the data set says so"),
                        Verdict.fail("correctness_math_verify", "the data set says so"));
        assertThat(traces.get(1).answer()).isEmpty();
        assertThat(traces.stream().map(Trace::id)).doesNotHaveDuplicates();
    }

    /** open-thoughts/OpenThoughts-114k, both configurations. */
    @Test
    void openThoughts() throws IOException {
        List<Trace> talks = read(
                R1,
                "{'system': 'Explore.', 'conversations': [{'from': 'user', 'value': 'Q'}, {'from': 'assistant', 'value':"
                        + " '<|begin_of_thought|>\\n\\nT\\n\\n<|end_of_thought|>\\n\\n<|begin_of_solution|>\\n\\nA\\n\\n<|end_of_solution|>'}]}");
        assertThat(talks.getFirst().messages()).containsExactly(Message.system("Explore."), Message.user("Q"));
        assertThat(talks.getFirst().reasoning()).isEqualTo("T");
        assertThat(talks.getFirst().answer()).isEqualTo("A");

        List<Trace> metadata = read(
                ImportSettings.PLAIN,
                "{'problem': 'P', 'deepseek_reasoning': 'T', 'deepseek_solution': 'A', 'ground_truth_solution': 'So $\\\\boxed{5}$.',"
                        + " 'domain': 'math', 'source': 'numina_math', 'test_cases': null, 'starter_code': null}",
                "{'problem': 'Sum', 'deepseek_reasoning': 'T', 'deepseek_solution': 'print()', 'ground_truth_solution': 'long\\ntext',"
                        + " 'domain': 'code', 'source': 'taco', 'starter_code': '', 'test_cases':"
                        + " '{\\'inputs\\': [\\'1 2\\'], \\'outputs\\': [\\'3\\']}'}",
                "{'problem': 'Why', 'deepseek_reasoning': 'T', 'deepseek_solution': 'A', 'ground_truth_solution': 'a\\nb',"
                        + " 'domain': 'biology', 'test_cases': '', 'starter_code': ''}");
        assertThat(metadata.stream().map(Trace::reference))
                .containsExactly(
                        "So $\\boxed{5}$.",
                        "{\"language\":\"python\",\"tests\":[{\"input\":\"1 2\",\"output\":\"3\"}]}", null);
        assertThat(metadata.stream().map(Trace::domain)).containsExactly("maths", "code", "biology");
        assertThat(metadata.getFirst().teacher()).isEqualTo("DeepSeek-R1");
        assertThat(metadata.getFirst().rawReply()).isEqualTo("<think>\nT\n</think>\n\nA");
    }

    /** simplescaling/s1K-1.1 and s1K. */
    @Test
    void s1kHasATraceForEachTeacher() throws IOException {
        List<Trace> newer = read(
                ImportSettings.PLAIN,
                "{'solution': '128', 'question': 'Q', 'cot_type': 'math', 'source_type': 'AIME', 'metadata': '{}',"
                        + " 'gemini_thinking_trajectory': 'G', 'gemini_attempt': 'ga', 'deepseek_thinking_trajectory': 'D',"
                        + " 'deepseek_attempt': 'da', 'gemini_grade': 'No', 'gemini_grade_reason': 'r',"
                        + " 'deepseek_grade': 'Yes', 'deepseek_grade_reason': 'r'}");
        assertThat(newer.stream().map(Trace::teacher)).containsExactly("DeepSeek-R1", "gemini-2.0-flash-thinking-exp");
        assertThat(newer.stream().map(Trace::reasoning)).containsExactly("D", "G");
        assertThat(newer.stream().map(Trace::answer)).containsExactly("da", "ga");
        assertThat(newer.stream().map(Trace::reference)).containsOnly("128");
        assertThat(newer.stream().map(trace -> trace.verdicts().getFirst().by()))
                .containsExactly("deepseek_grade", "gemini_grade");
        assertThat(newer.stream().map(trace -> trace.verdicts().getFirst().outcome()))
                .containsExactly(Verdict.Outcome.PASS, Verdict.Outcome.FAIL);
        assertThat(newer.getFirst().extra()).containsEntry("cot_type", "math").doesNotContainKey("question");

        List<Trace> older = read(
                ImportSettings.PLAIN,
                "{'solution': 's\\nt', 'question': 'Q', 'cot': null, 'thinking_trajectories': ['T'], 'attempt': 'a'}");
        assertThat(older.getFirst().reasoning()).isEqualTo("T");
        assertThat(older.getFirst().reference()).isNull();
    }

    /** a-m-team/AM-DeepSeek-R1-Distilled-1.4M, qihoo360/Light-R1-SFTData (a JSON list), and what chat data sets have. */
    @Test
    void conversations() throws IOException {
        Trace am = read(
                        R1,
                        "{'messages': [{'role': 'user', 'content': 'Q', 'info': {'source': 'x', 'reference_answer': '4', 'test_case': null,"
                                + " 'think_content': null, 'answer_content': null}}, {'role': 'assistant', 'content':"
                                + " '<think>T</think><answer>A</answer>', 'info': {'source': 'x', 'reference_answer': null,"
                                + " 'test_case': null, 'think_content': 'T', 'answer_content': 'A'}}]}")
                .getFirst();
        assertThat(am.reasoning()).isEqualTo("T");
        assertThat(am.answer()).isEqualTo("A");
        assertThat(am.reference()).isEqualTo("4");

        run(
                R1,
                file(
                        "stage2.json",
                        "\n[ {'conversations': [{'from': 'user', 'value': 'Q'}, {'from': 'assistant', 'value': '<think>T</think>A'}]},",
                        "{'conversations': [{'from': 'human', 'value': 'R'}, {'from': 'gpt', 'value': 'T</think>B'}]}]"));
        assertThat(traces().stream().map(Trace::answer)).containsExactly("A", "B");
        assertThat(traces().stream().map(Trace::reasoning)).containsExactly("T", "T");

        List<Trace> chat = read(
                R1,
                "{'messages': [{'role': 'system', 'content': 'S'}, {'role': 'user', 'content': 'a'}, {'role': 'assistant',"
                        + " 'content': 'b'}, {'role': 'user', 'content': [{'type': 'text', 'text': 'c'}]}, {'role': 'assistant',"
                        + " 'content': 'd', 'reasoning_content': 'T'}]}",
                "{'messages': [{'role': 'user', 'content': 'a'}], 'reasoning': 'T', 'answer': 'b', 'model': 'other'}");
        assertThat(chat.getFirst().messages())
                .containsExactly(Message.system("S"), Message.user("a"), Message.assistant("b"), Message.user("c"));
        assertThat(chat.stream().map(Trace::reasoning)).containsExactly("T", "T");
        assertThat(chat.stream().map(Trace::answer)).containsExactly("d", "b");
        assertThat(chat.get(1).reference()).isNull();
        assertThat(chat.get(1).teacher()).as("the option says it").isEqualTo("R1");
    }

    @Test
    void pairs() throws IOException {
        Trace alpaca = read(
                        R1,
                        "{'instruction': 'Add', 'input': '1 2', 'output': '<think>T</think>3', 'system': 'S', 'history': [['u', 'v']]}")
                .getFirst();
        assertThat(alpaca.messages())
                .containsExactly(
                        Message.system("S"), Message.user("u"), Message.assistant("v"), Message.user("Add\n\n1 2"));
        assertThat(alpaca.reasoning()).isEqualTo("T");

        List<Trace> plain = read(
                ImportSettings.PLAIN,
                "{'problem': 'Q', 'generated_solution': '<think>T</think>A', 'expected_answer': 7, 'generation_model': 'M',"
                        + " 'license': 'cc-by-4.0'}");
        assertThat(plain.getFirst().teacher()).isEqualTo("M");
        assertThat(plain.getFirst().reference()).isEqualTo("7");
        assertThat(plain.getFirst().licence()).isEqualTo("cc-by-4.0");

        List<Trace> lists = read(
                R1,
                "{'prompt': [{'role': 'user', 'content': 'Q'}], 'completion': [{'role': 'assistant', 'content': 'A', 'reasoning_content': 'T'}]}");
        assertThat(lists.getFirst().reasoning()).isEqualTo("T");
        assertThat(lists.getFirst().question()).isEqualTo("Q");

        Trace numina = read(
                        R1, "{'problem': 'Q', 'solution': 'So $\\\\boxed{4}$', 'answer': 'proof', 'source': 'cn_k12'}")
                .getFirst();
        assertThat(numina.answer()).isEqualTo("So $\\boxed{4}$");
        assertThat(numina.reasoning()).isNull();
        assertThat(numina.reference()).as("nothing to compare with").isNull();
    }

    /** A row cannot certify itself: names of this program's checks are no more than what somebody wrote. */
    @Test
    void verdictsUnderTheNamesOfChecksAreGivenOnes() throws IOException {
        Trace certified = read(
                        R1,
                        "{'prompt': 'Q', 'completion': 'A', 'correct': true, 'verdicts': ["
                                + "{'by': 'math', 'outcome': 'pass', 'reason': 'r'}, {'by': 'judge', 'outcome': 'pass', 'reason': 'r'},"
                                + "{'by': 'checked', 'outcome': 'pass', 'reason': 'r'}, {'by': 'terms', 'outcome': 'fail', 'reason': 'r'}]}")
                .getFirst();
        assertThat(certified.verdicts())
                .extracting(Verdict::by)
                .containsExactly("given:math", "given:judge", "checked", "terms", "correct");
    }

    @Test
    void columnsThatTheUserNames() throws IOException {
        ImportSettings settings = R1.withColumns(Map.of(
                "question",
                "q.text",
                "answer",
                "message_content",
                "reasoning",
                "message_thinking",
                "reference",
                "gold"));
        Trace trace = read(
                        settings,
                        "{'q': {'text': 'Q'}, 'message_content': 'A', 'message_thinking': 'T', 'gold': 5, 'level': 3}")
                .getFirst();
        assertThat(trace.question()).isEqualTo("Q");
        assertThat(trace.reasoning()).isEqualTo("T");
        assertThat(trace.reference()).isEqualTo("5");
        assertThat(trace.extra()).containsExactly(Map.entry("level", "3"));
        assertThatThrownBy(() -> R1.withColumns(Map.of("question", "q")))
                .hasMessage(
                        "--column: must name a column for question and one for answer, as --column question=problem; got {question=q}");
        assertThatThrownBy(() -> R1.withColumns(Map.of("price", "q")))
                .hasMessage(
                        "--column: must name one of question, answer, reasoning, system, reference, teacher; got price");
    }

    @Test
    void idsAreThoseOfTheDataWhereverTheyLieAndHoweverOftenTheyAreImported() throws IOException {
        String a = "{'prompt': 'a', 'completion': '1'}";
        String b = "{'prompt': 'b', 'completion': '2'}";
        List<String> ids = read(R1, a, b).stream().map(Trace::id).toList();
        assertThat(read(R1, a, b).stream().map(Trace::id)).isEqualTo(ids);
        assertThat(read(R1, b, a).stream().map(Trace::id)).isEqualTo(ids.reversed());
        assertThat(read(R1, a, a).stream().map(Trace::id)).doesNotHaveDuplicates();

        Path file = file("again.jsonl", a, b);
        Path to = folder.resolve("once");
        ImportReport first = TraceImport.run(ImportSource.of(file), R1, to, "test", _ -> {});
        ImportReport again = TraceImport.run(ImportSource.of(file), R1, to, "test", _ -> {});
        assertThat(first.repeated()).isFalse();
        assertThat(again.repeated()).isTrue();
        assertThat(again.traces()).isEqualTo(2);
        assertThatThrownBy(() -> TraceImport.run(
                        ImportSource.of(file), ImportSettings.PLAIN.withTeacher("other"), to, "test", _ -> {}))
                .hasMessage("import " + to
                        + ": holds other traces already (stage import); give another folder, or delete this one");
        assertThatThrownBy(() -> TraceImport.run(ImportSource.of(file), R1, folder, "test", _ -> {}))
                .hasMessageContaining("holds other files, among them again.jsonl; give a new folder");
    }

    @Test
    void foldersCardsAndCompressedFiles() throws IOException {
        Path set = Files.createDirectories(folder.resolve("set/data"));
        Files.writeString(
                set.resolveSibling("README.md"), "---\nlanguage:\n- en\nlicense: apache-2.0\ntags: [x]\n---\n# Set\n");
        String row = "{\"prompt\": \"a\", \"completion\": \"b\"}\n";
        ByteArrayOutputStream gz = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gz)) {
            out.write(row.getBytes(StandardCharsets.UTF_8));
        }
        Files.write(set.resolve("train-00000-of-00002.jsonl.gz"), gz.toByteArray());
        Files.write(set.resolve("train-00001-of-00002.jsonl.zst"), Zstd.compress(row.getBytes(StandardCharsets.UTF_8)));
        run(R1, folder.resolve("set"));
        assertThat(traces()).hasSize(2).allSatisfy(trace -> {
            assertThat(trace.licence()).isEqualTo("apache-2.0");
            assertThat(trace.source()).isEqualTo("set");
        });
        assertThat(Files.readString(folder.resolve("to" + imports).resolve("README.md")))
                .startsWith("---\nlicense: apache-2.0\n");
        run(R1.withLicence("mit"), set.resolve("train-00000-of-00002.jsonl.gz"));
        assertThat(traces().getFirst().licence()).isEqualTo("mit");

        Files.writeString(set.resolve("test.jsonl"), row);
        assertThatThrownBy(() -> run(R1, folder.resolve("set")))
                .hasMessage("import " + folder.resolve("set")
                        + ": has several parts, data/test, data/train; name the files of those that are meant");
        assertThatThrownBy(() -> run(R1, Files.createDirectories(folder.resolve("empty"))))
                .hasMessageContaining("there is no file of Parquet, JSON lines or JSON in it");
    }

    /** As the hub's loader reads it; without it the folder has several parts. */
    @Test
    void theCardOfAFolderNamesItsFiles() throws IOException {
        Path set = Files.createDirectories(folder.resolve("set/more/deep"))
                .resolve("../..")
                .normalize();
        for (String name : List.of("data-b", "data-a", "notes", "more/deep/c", "more/d")) {
            String row = "{\"prompt\": \"" + name + "\", \"completion\": \"b\"}\n";
            Files.writeString(set.resolve(name + ".jsonl"), row);
        }
        String head = "---\nlicense: mit\nconfigs:\n- config_name: default\n  data_files:\n";
        Path card = set.resolve("README.md");
        Files.writeString(
                card, head + "  - split: train\n    path:\n    - more/**/*.jsonl\n    - \"data-*\"\n---\n# Set\n");
        run(R1, set);
        assertThat(traces().stream().map(Trace::question)).containsExactly("more/d", "more/deep/c", "data-a", "data-b");
        assertThat(traces().getFirst().licence()).isEqualTo("mit");

        Files.writeString(card, "---\nconfigs:\n- config_name: default\n  data_files: notes.jsonl\n---\n");
        run(R1, set);
        assertThat(traces().stream().map(Trace::question)).containsExactly("notes");

        Files.writeString(
                card,
                head + "  - {split: train, path: data-*}\n  - {split: test, path: notes.jsonl}\n"
                        + "- config_name: extra\n  data_files: [more/*]\n---\n");
        assertThatThrownBy(() -> run(R1, set))
                .hasMessage("import " + set
                        + ": has several parts, train, test, extra/train; name the files of those that are meant");
        Files.writeString(card, head + "  - {split: train, path: 'gone-*.parquet'}\n---\n");
        assertThatThrownBy(() -> run(R1, set))
                .hasMessage("import " + set + ": its README.md names the files gone-*.parquet, of which no file of"
                        + " Parquet, JSON lines or JSON is here; fetch them, or name the files");
        Files.writeString(card, "---\nconfigs: [: no YAML\n---\n");
        assertThatThrownBy(() -> run(R1, set)).hasMessageContaining("has several parts, data-a, data-b,");
    }

    @Test
    void manyPromptsHaveTheirOwnNumbers() {
        SampleNumbers numbers = new SampleNumbers();
        for (int sample = 0; sample < 3; sample++) {
            for (int prompt = 0; prompt < 20_000; prompt++) {
                String id =
                        Prompt.of(List.of(Message.user("p" + prompt)), null, "").id();
                assertThat(numbers.next(id)).isEqualTo(sample);
            }
        }
    }
}
