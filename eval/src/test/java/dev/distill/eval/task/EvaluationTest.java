package dev.distill.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.report.GradedTask;
import dev.distill.eval.report.TaskScore;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final Decoding THREE = new Decoding(3, 0.6, 0.95, 0, 100, 1);

    @TempDir
    Path folder;

    private final Task task = Task.ofMath("sums", List.of(question("1+1", "2"), question("2+2", "4")), THREE);

    @Test
    void scoresSeparateWrongFromNoAnswerFromTruncatedFromErrors() throws IOException {
        Scripted responder = new Scripted(
                List.of("\\boxed{2}", "So it is \\boxed{2.0}", "\\boxed{3}"),
                List.of("cut \\boxed{4}|length", "", "|error"));
        TaskScore score = TaskScore.of(GradedTask.of(
                task, "scripted", Evaluation.run(task, responder, folder, Evaluation.Progress.NONE), new MathGrader()));
        assertThat(score.count(Grade.RIGHT)).isEqualTo(2);
        assertThat(score.count(Grade.WRONG)).isEqualTo(1);
        assertThat(score.count(Grade.TRUNCATED)).isEqualTo(1);
        assertThat(score.count(Grade.NO_ANSWER)).isEqualTo(1);
        assertThat(score.count(Grade.INFRA_ERROR)).isEqualTo(1);
        // by hand: question 1 two of three right, question 2 none of the two that count
        assertThat(score.passAt1().value()).isCloseTo((2 / 3.0 + 0) / 2, within(1e-12));
        assertThat(score.consensus()).isEqualTo(0.5);
        assertThat(score.samples()).isEqualTo(3);
    }

    @Test
    void whatWasAnsweredIsNotAskedAgainAfterAKill() throws IOException {
        Scripted first = new Scripted(List.of("\\boxed{2}", "\\boxed{2}", "\\boxed{2}"));
        assertThatThrownBy(() -> Evaluation.run(task, first, folder, Evaluation.Progress.NONE))
                .hasMessageContaining("killed");
        // and the line that was being written when it was killed
        Files.writeString(folder.resolve("responses.jsonl"), "{\"prompt_id\":\"", StandardOpenOption.APPEND);
        Scripted second = new Scripted(List.of("\\boxed{4}", "\\boxed{4}", "\\boxed{5}"));
        Heard heard = new Heard();
        List<Evaluation.Answered> answered = Evaluation.run(task, second, folder, heard);
        assertThat(second.asked).containsExactly("2+2");
        // three of the two questions' three answers each stood there; they are told once, as earlier ones
        assertThat(heard.said).containsExactly("begin 3/6", "4/6", "5/6", "6/6");
        assertThat(answered.get(1).responses())
                .extracting(Response::answer)
                .last()
                .isEqualTo("\\boxed{5}");
        Scripted third = new Scripted();
        assertThat(Evaluation.run(task, third, folder, Evaluation.Progress.NONE))
                .isEqualTo(answered);
        assertThat(third.asked).isEmpty();
    }

    @Test
    void whoeverCanIsAskedForTheMissingSamplesAlone() throws IOException {
        Scripted first = new Scripted(List.of("2", "2", "2"), List.of("4", "|error", "4"));
        Evaluation.run(task, first, folder, Evaluation.Progress.NONE);
        List<Responder.Missing> wanted = new ArrayList<>();
        Responder single = new Scripted() {
            @Override
            public void respondMissing(List<Missing> missing, Decoding decoding, Consumer<Response> sink) {
                wanted.addAll(missing);
                missing.forEach(one -> one.samples()
                        .forEach(sample -> sink.accept(response(one.prompt().id(), sample))));
            }
        };
        Evaluation.run(task, single, folder, Evaluation.Progress.NONE);
        Prompt second = task.prompts().get(1);
        assertThat(wanted).containsExactly(new Responder.Missing(second, List.of(1)));

        wanted.clear();
        Evaluation.run(task.withSamples(5), single, folder, Evaluation.Progress.NONE);
        assertThat(wanted)
                .as("more samples do not throw away what is there")
                .containsExactly(
                        new Responder.Missing(task.prompts().getFirst(), List.of(3, 4)),
                        new Responder.Missing(second, List.of(3, 4)));
        assertThat(folder.resolve("responses.1.jsonl")).doesNotExist();
        wanted.clear();
        Evaluation.run(task.withSamples(2), single, folder, Evaluation.Progress.NONE);
        Evaluation.run(task.withSamples(5), single, folder, Evaluation.Progress.NONE);
        assertThat(wanted).as("nor do fewer").isEmpty();
    }

    @Test
    void whatABrokenOffResponderLeavesIsToldAtItsEnd() {
        Responder broken = new Scripted() {
            @Override
            public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
                sink.accept(response(prompts.getFirst().id(), 0));
            }
        };
        Heard heard = new Heard();
        assertThatThrownBy(() -> Evaluation.run(task, broken, folder, heard)).hasMessageContaining("without an answer");
        assertThat(heard.said).containsExactly("begin 0/6", "1/6", "1/6");
    }

    @Test
    void responsesUnderOtherConditionsAreNotReused() throws IOException {
        List<List<String>> script = List.of(List.of("\\boxed{2}", "\\boxed{2}", "\\boxed{2}"), List.of("1", "2", "3"));
        Evaluation.run(task, new Scripted(script.get(0), script.get(1)), folder, Evaluation.Progress.NONE);
        byte[] ofFirst = Files.readAllBytes(folder.resolve("responses.jsonl"));
        Task other = Task.ofMath("sums", task.prompts(), new Decoding(3, 1, 0.95, 0, 100, 1));
        Scripted second = new Scripted(script.get(0), script.get(1));
        Evaluation.run(other, second, folder, Evaluation.Progress.NONE);
        assertThat(second.asked).containsExactly("1+1", "2+2");
        byte[] ofSecond = Files.readAllBytes(folder.resolve("responses.jsonl"));

        // the same name, but trained on since
        Scripted third = new Scripted(script.get(0), script.get(1));
        third.fingerprint = "scripted, other weights";
        Evaluation.run(other, third, folder, Evaluation.Progress.NONE);
        assertThat(third.asked).containsExactly("1+1", "2+2");

        assertThat(folder.resolve("responses.1.jsonl")).as("the first is kept").hasBinaryContent(ofFirst);
        assertThat(folder.resolve("responses.2.jsonl")).as("the second is kept").hasBinaryContent(ofSecond);
        Evaluation.run(other, third, folder, Evaluation.Progress.NONE);
        assertThat(folder.resolve("responses.3.jsonl")).doesNotExist();
    }

    @Test
    void aKillInsideACharacterLosesOneLine() throws IOException {
        Scripted first = new Scripted(List.of("Größe \\boxed{2}", "2", "2"), List.of("4", "4", "ü"));
        List<Evaluation.Answered> answered = Evaluation.run(task, first, folder, Evaluation.Progress.NONE);
        Path log = folder.resolve("responses.jsonl");
        byte[] bytes = Files.readAllBytes(log);
        int half = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf('\u00c3') + 1; // of the two bytes of ü
        Files.write(log, Arrays.copyOf(bytes, half));
        Scripted second = new Scripted(List.of("4", "4", "ü"));
        assertThat(Evaluation.run(task, second, folder, Evaluation.Progress.NONE))
                .isEqualTo(answered);
        assertThat(second.asked).containsExactly("2+2");
        assertThat(folder.resolve("responses.1.jsonl")).doesNotExist();
    }

    @Test
    void responsesThatNobodyAskedForAreNotKept() throws IOException {
        Scripted responder = new Scripted(List.of("2", "2", "2"), List.of("4", "4", "4")) {
            @Override
            public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
                sink.accept(response("no such prompt", 0));
                sink.accept(response(prompts.getFirst().id(), 3));
                sink.accept(response(prompts.getFirst().id(), -1));
                super.respond(prompts, decoding, sink);
                sink.accept(response(prompts.getFirst().id(), 0));
            }
        };
        Heard heard = new Heard();
        assertThat(Evaluation.run(task, responder, folder, heard))
                .allSatisfy(one -> assertThat(one.responses())
                        .hasSize(3)
                        .noneMatch(response -> response.answer().equals("stray")));
        assertThat(heard.said).hasSize(7).last().isEqualTo("6/6");
        assertThat(Files.readString(folder.resolve("responses.jsonl"))).doesNotContain("stray");
    }

    private static Response response(String prompt, int sample) {
        return new Response(prompt, sample, null, "stray", FinishReason.STOP, Usage.NONE, 0, null, null);
    }

    @Test
    void aTaskNeedsReferences() {
        assertThatThrownBy(() -> Task.ofMath("t", List.of(Prompt.of(List.of(Message.user("x")), null, "s")), THREE))
                .hasMessageContaining("task t: every question needs a reference answer; 1 have none");
    }

    private static Prompt question(String text, String reference) {
        return Prompt.of(List.of(Message.user(text)), reference, "test");
    }

    /** What an evaluation says of how far it is. */
    private static final class Heard implements Evaluation.Progress {
        final List<String> said = new ArrayList<>();

        @Override
        public void begin(int earlier, int all) {
            said.add("begin " + earlier + "/" + all);
        }

        @Override
        public void responses(int done, int all) {
            said.add(done + "/" + all);
        }
    }

    /** Answers prompts from a script, one list a prompt; "|length" and "|error" mark the end; out of script it dies. */
    private static class Scripted implements Responder {
        final List<String> asked = new ArrayList<>();
        String fingerprint = "scripted";
        private final List<List<String>> script;

        @SafeVarargs
        Scripted(List<String>... script) {
            this.script = List.of(script);
        }

        @Override
        public String name() {
            return "scripted";
        }

        @Override
        public String fingerprint() {
            return fingerprint;
        }

        @Override
        public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
            for (int i = 0; i < prompts.size(); i++) {
                if (i >= script.size()) {
                    throw new IllegalStateException("killed");
                }
                asked.add(prompts.get(i).question());
                for (int k = 0; k < decoding.samples(); k++) {
                    String text = script.get(i).get(k);
                    sink.accept(new Response(
                            prompts.get(i).id(),
                            k,
                            null,
                            text.replaceAll("\\|.*", ""),
                            text.endsWith("|length") ? FinishReason.LENGTH : FinishReason.STOP,
                            new Usage(0, 0, 7, 0),
                            0,
                            null,
                            text.endsWith("|error") ? "connection refused" : null));
                }
            }
        }
    }
}
