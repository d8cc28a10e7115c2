package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an import refuses or passes over, and in which words. */
class ImportRefusalTest extends ImportScene {
    @Test
    void aBadRowIsOneErrorWithFileRowColumnAndCure() throws IOException {
        Path file = file(
                "bad.jsonl",
                "{'problem': 'P', 'generations': ['<think>a</think>b']}",
                "{'problem': 'P', 'generations': 'none'}",
                "{",
                "{'problem': null, 'generations': ['x']}",
                "{'problem': 'P', 'generations': ['x']}");
        assertThatThrownBy(() -> run(R1, file))
                .isInstanceOf(IntakeException.class)
                .hasMessage(
                        "traces " + file
                                + ": line 2: generations: must be a list, got a text; correct it, or leave such rows out with --skip-bad");
        ImportReport report = run(R1.skippingBad(), file);
        assertThat(report.traces()).isEqualTo(2);
        assertThat(report.rows()).isEqualTo(5);
        assertThat(report.skipped()).isEqualTo(3);
        assertThat(report.examples())
                .element(2)
                .isEqualTo(file + ": line 4: problem: must be a text that is not empty, got null");
        assertThat(Files.readAllLines(folder.resolve("to" + imports).resolve(TraceImport.SKIPPED)))
                .hasSize(3)
                .first()
                .isEqualTo("{\"file\":\"" + file
                        + "\",\"row\":2,\"problem\":\"generations: must be a list, got a text\"}");
    }

    /** What the parser says of itself is nobody's. */
    @Test
    void badJsonIsToldByItsColumn() throws IOException {
        assertThatThrownBy(() -> run(R1, file("cut.jsonl", "{'prompt': 'a', 'completion': 'b'}", "{'messages': [")))
                .hasMessageContaining("line 2: is no JSON (Unexpected end-of-input")
                .hasMessageContaining("at column 15)")
                .hasMessageNotContainingAny("Source", "REDACTED", "StreamRead", "line: 1");
        assertThatThrownBy(() -> run(R1, file("cut.json", "[{'prompt': 'a', 'completion': 'b'}, {'prompt': [")))
                .hasMessageContaining("row 2: is no JSON (Unexpected end-of-input")
                .hasMessageNotContainingAny("Source", "REDACTED", "StreamRead", "line: 1");
    }

    /** Its ids, costs and raw replies would be others. */
    @Test
    void tracesOfDistillAreNotImportedOnceMore() throws IOException {
        run(R1, file("mine.jsonl", "{'prompt': 'a', 'completion': 'b'}"));
        Path own = folder.resolve("to" + imports);
        for (Path given : List.of(own, own.resolve("traces-00000.parquet"))) {
            assertThatThrownBy(() -> run(R1, given))
                    .hasMessageContaining("holds traces of Distill, which need no import")
                    .hasMessageContaining("harvest.traces: [" + own + "] in a recipe");
            assertThat(folder.resolve("to" + imports)).doesNotExist();
        }
    }

    /** As an export without reasoning has them, of replies that were cut off. */
    @Test
    void emptyRepliesComeInAndMissingOnesDoNot() throws IOException {
        for (String row : List.of(
                "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': '', 'reasoning_content': 'Hm'}], 'finish_reason': 'length'}",
                "{'conversations': [{'from': 'human', 'value': 'a'}, {'from': 'gpt', 'value': ''}], 'reasoning': 'Hm', 'finish_reason': 'length'}",
                "{'instruction': 'a', 'input': '', 'output': '', 'reasoning': 'Hm', 'finish_reason': 'length'}",
                "{'prompt': 'a', 'completion': '', 'reasoning': 'Hm', 'finish_reason': 'length'}")) {
            Trace trace = read(R1, row).getFirst();
            assertThat(trace.answer()).isEmpty();
            assertThat(trace.reasoning()).isEqualTo("Hm");
            assertThat(trace.finish()).isEqualTo(FinishReason.LENGTH);
        }
        assertThat(read(R1, "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': ''}]}"))
                .extracting(Trace::answer)
                .containsExactly("");
        assertThatThrownBy(() -> read(
                        R1, "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': null}]}"))
                .hasMessageContaining("messages.content: must be a text that is not empty, got null");
    }

    @Test
    void aCallOfAToolWithoutATextIsToldAsSuch() {
        assertThatThrownBy(
                        () -> read(
                                R1,
                                "{'messages': [{'role': 'user', 'content': 'a'}, {'role': 'assistant', 'content': null, 'tool_calls': [{'id': '1'}]}, {'role': 'tool', 'content': 'sun'}, {'role': 'assistant', 'content': 'b'}]}"))
                .hasMessageContaining(
                        "messages: message 2 calls a tool and says nothing (tool_calls without a content)")
                .hasMessageContaining("--skip-bad");
    }

    /** The card of an export says other where traces name no licence. */
    @Test
    void otherIsNoLicence() throws IOException {
        Files.writeString(folder.resolve("README.md"), "---\nlicense: other\n---\n");
        assertThat(read(R1, "{'prompt': 'a', 'completion': 'b', 'license': null}")
                        .getFirst()
                        .licence())
                .isNull();
    }

    @Test
    void whatCannotBeToldIsAskedFor() throws IOException {
        assertThatThrownBy(() -> run(ImportSettings.PLAIN, file("x.jsonl", "{'prompt': 'a', 'completion': 'b'}")))
                .hasMessageContaining("line 1: no column says which model wrote the replies")
                .hasMessageContaining("give --teacher NAME");
        assertThatThrownBy(() -> run(R1, file("y.jsonl", "{'text': 'a', 'tokens': 3}")))
                .hasMessageContaining("columns text, tokens are of no format that is known")
                .hasMessageContaining("--column question=NAME --column answer=NAME");
        assertThatThrownBy(() -> run(R1, file("z.jsonl", "")))
                .hasMessageContaining("z.jsonl: has no row that can be read; is it the whole file?");
        assertThat(folder.resolve("to" + imports)).doesNotExist();
        assertThatThrownBy(() -> run(R1, file("n.csv", "prompt,response", "a,b")))
                .hasMessageContaining(
                        "n.csv: tables of comma- or tab-separated values are not read; convert it to JSON lines")
                .hasMessageContaining("to_json('n.jsonl', orient='records', lines=True)");
        assertThatThrownBy(() -> run(R1, file("q.jsonl", "{'messages': [{'role': 'user', 'content': 'a'}]}")))
                .hasMessageContaining(
                        "messages: ends with the user's question, so the reply must stand in one of response, completion, output, answer; there is none");
        assertThatThrownBy(() -> TraceFormat.of("csv"))
                .hasMessage(
                        "--format must be one of openr1-math, s1k, openthoughts, sharegpt, numina-math, messages, alpaca, prompt-completion, columns; got csv");
        assertThatThrownBy(() -> run(R1.skippingBad(), file("n.jsonl", "{'prompt': 'a', 'completion': true}")))
                .hasMessageContaining("import: no trace in 1 rows, 1 of which cannot be read, the first: ");
    }
}
