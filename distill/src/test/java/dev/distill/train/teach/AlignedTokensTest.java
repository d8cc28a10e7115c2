package dev.distill.train.teach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.tokenize.AddedToken;
import dev.distill.data.tokenize.BpeTrainer;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.respond.Language;
import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.TeacherRows;
import dev.distill.student.ops.cpu.CpuOps;
import dev.distill.train.SampleMaker;
import dev.distill.train.SampleMaker.Objective;
import dev.distill.train.teach.TeacherVoice.Taught;
import dev.distill.train.teach.TeacherVoice.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a teacher says in another vocabulary, against the same teacher in its own, and against sums over its tokens' texts. */
class AlignedTokensTest {
    private static final Ops OPS = new CpuOps();
    private static final int ALL = 1024;
    /** Some of its tokens are whole words to one of the two and several tokens to the other. */
    private static final String WORDS = "What is two and four? The answer is six, and stop.";

    private static final List<Message> QUESTION = List.of(Message.user("What is two and two?"));

    @TempDir
    static Path root;

    private static Student teacher;
    private static Language same;
    private static Language other;

    @BeforeAll
    static void models() throws IOException {
        teacher = Student.open(TinyStudent.write(root.resolve("teacher"), 1), null, OPS);
        same = teacher.language();
        other = Language.open(otherWords());
    }

    @AfterAll
    static void close() {
        other.close();
        teacher.close();
        OPS.close();
    }

    /** A student's folder whose tokenizer has learnt other words, with the same template. */
    private static Path otherWords() throws IOException {
        Path folder = Files.createDirectories(root.resolve("other"));
        List<AddedToken> special = List.of(
                AddedToken.special("<|im_end|>"), AddedToken.special("<|im_start|>"), AddedToken.special("<pad>"));
        BpeTrainer.train(List.of("The answer is twofold, and four is stopped.", "two and four"), 290, special)
                .write(folder, "<pad>", "<|im_end|>", template());
        Files.copy(root.resolve("teacher/config.json"), folder.resolve("config.json"));
        return folder;
    }

    private static String template() throws IOException {
        Path config = root.resolve("teacher/tokenizer_config.json");
        return new ObjectMapper().readTree(config.toFile()).get("chat_template").textValue();
    }

    /** The teacher's words with a template that begins the reasoning in the prompt, as R1-Distill's does. */
    private static Language opening() throws IOException {
        Path folder = Files.createDirectories(root.resolve("opening"));
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(
                    root.resolve("teacher").resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Path config = folder.resolve("tokenizer_config.json");
        ObjectNode settings = (ObjectNode) new ObjectMapper().readTree(config.toFile());
        settings.put("chat_template", template().replace("assistant\\n", "assistant\\n<think>\\n"));
        new ObjectMapper().writeValue(config.toFile(), settings);
        return Language.open(folder);
    }

    private static AlignedTokens aligned(Language student) {
        return new AlignedTokens(teacher.model(), same, student, Objective.REASONING, ALL, 1);
    }

    private static Trace trace(String answer) {
        return trace(null, answer);
    }

    private static Trace trace(@Nullable String reasoning, String answer) {
        return new Trace(
                "t",
                "p",
                0,
                QUESTION,
                reasoning,
                answer,
                "",
                FinishReason.STOP,
                null,
                "test",
                "teacher",
                new TreeMap<>(),
                Usage.NONE,
                Money.zero("USD"),
                1,
                Instant.EPOCH,
                List.of());
    }

    private static Taught taught(Language student, String answer) {
        return taught(student, trace(answer));
    }

    private static Taught taught(Language student, Trace trace) {
        return new Taught(trace, new SampleMaker(student.renderer(), Objective.REASONING).sample(trace));
    }

    private static Written written(Language student, String text, boolean ended) {
        String end = ended ? student.renderer().endOfTurn() : "";
        int[] prompt = student.tokenizer().encode(student.renderer().prompt(QUESTION, true));
        return written(prompt, student.tokenizer().encode(text + end), ended);
    }

    private static Written written(int[] prompt, int[] ids, boolean ended) {
        int[] whole = Arrays.copyOf(prompt, prompt.length + ids.length);
        System.arraycopy(ids, 0, whole, prompt.length, ids.length);
        Sample sample = new Sample("t", whole, List.of(new Sample.Span(prompt.length, whole.length)));
        return new Written(QUESTION, sample, ended);
    }

    @Test
    void inItsOwnVocabularyItSaysWhatTheIdsSay() {
        SameTokens ids = new SameTokens(teacher.model(), teacher.config().vocabulary(), ALL, 1);
        List<Taught> samples = List.of(taught(same, "Two and two is four."), taught(same, "One, Ünd stop"));
        assertSame(aligned(same).expect(samples), ids.expect(samples));
        List<Written> texts = List.of(
                written(same, "Two and two is four.", true),
                written(same, "Two and two is fo", false),
                written(same, "Ü", true));
        assertSame(aligned(same).read(texts), ids.read(texts));
    }

    /** Places inside of a character are the ids' alone; tokens that are no text are left to the rest. */
    private static void assertSame(List<SparseDistributions> aligned, List<SparseDistributions> ids) {
        assertThat(aligned).hasSameSizeAs(ids);
        int compared = 0;
        for (int s = 0; s < ids.size(); s++) {
            assertThat(aligned.get(s).places()).isEqualTo(ids.get(s).places());
            for (int place = 0; place < ids.get(s).places(); place++) {
                Map<Integer, Double> expected = probabilities(ids.get(s), place);
                Map<Integer, Double> said = probabilities(aligned.get(s), place);
                for (Map.Entry<Integer, Double> each : said.entrySet()) {
                    assertThat(each.getValue()).isCloseTo(expected.get(each.getKey()), within(1e-6));
                }
                compared += said.isEmpty() ? 0 : 1;
            }
        }
        int places = ids.stream().mapToInt(SparseDistributions::places).sum();
        assertThat(compared).isGreaterThan(places - 6); // two letters of two bytes, begun or ended within
    }

    @Test
    void aTextThatTheStudentWroteIsReadAsATraceOfTheSameWordsIs() {
        String answer = "The answer is twofold, and four.";
        List<SparseDistributions> traces = aligned(other).expect(List.of(taught(other, answer)));
        List<SparseDistributions> texts = aligned(other).read(List.of(written(other, answer, true)));
        assertThat(texts.getFirst().places()).isEqualTo(traces.getFirst().places());
        for (int place = 0; place < traces.getFirst().places(); place++) {
            assertThat(probabilities(texts.getFirst(), place)).isEqualTo(probabilities(traces.getFirst(), place));
        }
    }

    /** The teacher reads the student's text, character by character, whichever of the two templates begins the reasoning in the prompt. */
    @Test
    void theReasoningMayBeginInThePromptOfEitherTemplate() throws IOException {
        SameTokens ids = new SameTokens(teacher.model(), teacher.config().vocabulary(), ALL, 1);
        String prompt = "<|im_start|>user\nWhat is two and two?<|im_end|>\n<|im_start|>assistant\n";
        String text = "Count two and two.\n</think>\n\nThe answer is four.<|im_end|>";
        Trace trace = trace("Count two and two.", "The answer is four.");
        Trace plain = trace("The answer is four.");
        try (Language opening = opening()) {
            AlignedTokens studentOpens = new AlignedTokens(teacher.model(), same, opening, Objective.REASONING, ALL, 1);
            assertSame(
                    studentOpens.expect(List.of(taught(opening, trace), taught(opening, plain))),
                    ids.read(List.of(
                            written(encoded(prompt + "<think>\n"), encoded(text), true),
                            written(
                                    encoded(prompt + "<think>\n"),
                                    encoded("</think>\n\nThe answer is four.<|im_end|>"),
                                    true))));
            AlignedTokens teacherOpens = new AlignedTokens(teacher.model(), opening, same, Objective.REASONING, ALL, 1);
            assertSame(
                    teacherOpens.expect(List.of(taught(same, trace), taught(same, plain))),
                    ids.read(List.of(
                            written(encoded(prompt), encoded("<think>\n" + text), true),
                            written(encoded(prompt), encoded("The answer is four.<|im_end|>"), true))));
        }
    }

    private static int[] encoded(String text) {
        return same.tokenizer().encode(text);
    }

    /** The tiny teacher is meant for 256 tokens. */
    @Test
    void ofATextThatIsTooLongNothingIsSaidAndOfTheOthersTheSame() {
        String answer = "The answer is twofold, and four.";
        Taught fits = taught(other, answer);
        Taught tooLong = taught(other, answer.repeat(20));
        AlignedTokens aligned = aligned(other);
        SparseDistributions alone = aligned.expect(List.of(fits)).getFirst();
        assertThat(aligned.unread()).isZero();
        List<SparseDistributions> said = aligned.expect(List.of(tooLong, fits));
        assertThat(aligned.unread()).isEqualTo(1);
        assertThat(said.getFirst().places()).isEqualTo(tooLong.sample().trainedTokens());
        for (int place = 0; place < said.getFirst().places(); place++) {
            assertThat(probabilities(said.getFirst(), place)).isEmpty();
        }
        for (int place = 0; place < alone.places(); place++) {
            assertThat(probabilities(said.getLast(), place)).isEqualTo(probabilities(alone, place));
        }

        SameTokens ids = new SameTokens(teacher.model(), teacher.config().vocabulary(), ALL, 1);
        Written long2 = written(same, answer.repeat(20), false);
        List<SparseDistributions> read = ids.read(List.of(long2, written(same, answer, true), long2));
        assertThat(ids.unread()).isEqualTo(2);
        assertThat(probabilities(read.getFirst(), 0)).isEmpty();
        assertThat(probabilities(read.get(1), 0)).isNotEmpty();
        assertThat(probabilities(read.getLast(), 0)).isEmpty();
    }

    @Test
    void severalTextsInARowAreReadAsEachByItself() {
        List<Written> texts = List.of(
                written(other, "two and four", false), written(other, "stopped", true), written(other, "Ü", false));
        List<SparseDistributions> together = aligned(other).read(texts);
        for (int s = 0; s < texts.size(); s++) {
            SparseDistributions alone =
                    aligned(other).read(List.of(texts.get(s))).getFirst();
            for (int place = 0; place < alone.places(); place++) {
                Map<Integer, Double> expected = probabilities(alone, place);
                Map<Integer, Double> said = probabilities(together.get(s), place);
                assertThat(said.keySet()).isEqualTo(expected.keySet());
                said.forEach((id, p) -> assertThat(p).isCloseTo(expected.get(id), within(1e-6)));
            }
        }
    }

    /** By hand: a student's token has the probability of all teacher's tokens whose text the student would begin with it. */
    @Test
    void probabilitiesAreThoseOfTheTeachersTokensThatBeginSo() {
        Written text = written(other, WORDS, false);
        int[] learnt = completion(text.sample());
        SparseDistributions said = aligned(other).read(List.of(text)).getFirst();

        int[] prompt = same.tokenizer().encode(same.renderer().prompt(QUESTION, true));
        int[] own = same.tokenizer().encode(WORDS);
        TeacherRows rows = teacher.model().likeliest(row(prompt, own), ALL, 1);
        int given = 0;
        for (int place = 0; place < learnt.length; place++) {
            int begin = other.tokenizer()
                    .decode(Arrays.copyOf(learnt, place), false)
                    .length();
            int end = other.tokenizer()
                    .decode(Arrays.copyOf(learnt, place + 1), false)
                    .length();
            int token = tokenAt(same.tokenizer(), own, begin);
            boolean known = token >= 0
                    && same.tokenizer()
                                    .decode(Arrays.copyOf(own, token + 1), false)
                                    .length()
                            >= end;
            Map<Integer, Double> probabilities = probabilities(said, place);
            assertThat(probabilities.isEmpty()).isEqualTo(!known);
            if (known) {
                given++;
                Map<Integer, Double> expected = byFirstToken(rows, prompt.length - 1 + token);
                assertThat(probabilities.keySet()).isEqualTo(expected.keySet());
                probabilities.forEach((id, p) -> assertThat(p).isCloseTo(expected.get(id), within(1e-6)));
            }
        }
        assertThat(given).isBetween(learnt.length / 2, learnt.length - 2);
    }

    /** A text that was cut inside of a character, or that no tokenizer would cut so, has places all the same. */
    @Test
    void oddTextsHaveAPlaceForEachToken() {
        int[] prompt = other.tokenizer().encode(other.renderer().prompt(QUESTION, true));
        int[] letter = other.tokenizer().encode("Ü");
        int[] cut = {other.tokenizer().encode("a")[0], letter[0]};
        int[] doubled = {letter[letter.length - 1], letter[letter.length - 1], letter[0]};
        List<SparseDistributions> said =
                aligned(other).read(List.of(written(prompt, cut, false), written(prompt, doubled, false)));
        assertThat(said).extracting(SparseDistributions::places).containsExactly(2, 3);
        assertThat(probabilities(said.getFirst(), 0)).isNotEmpty();
    }

    private static int tokenAt(Tokenizer tokenizer, int[] ids, int begin) {
        for (int token = 0; token < ids.length; token++) {
            if (tokenizer.decode(Arrays.copyOf(ids, token), false).length() == begin) {
                return token;
            }
        }
        return -1;
    }

    private static Map<Integer, Double> byFirstToken(TeacherRows rows, int row) {
        Map<Integer, Double> sums = new HashMap<>();
        for (int i = 0; i < rows.count(row); i++) {
            double p = Math.exp(rows.logProbability(row, i));
            String text = same.tokenizer().decode(new int[] {rows.id(row, i)}, false);
            if (text.equals(TinyStudent.END_OF_TURN)) {
                sums.merge(other.tokenizer().id("<|im_end|>").orElseThrow(), p, Double::sum);
            } else if (!text.startsWith("<|") && !text.contains("\uFFFD")) {
                sums.merge(other.tokenizer().encode(text)[0], p, Double::sum);
            }
        }
        return sums;
    }

    private static int[] completion(Sample sample) {
        return Arrays.copyOfRange(sample.ids(), sample.trained().getFirst().from(), sample.length());
    }

    private static PackedRow row(int[] prompt, int[] completion) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + completion.length);
        System.arraycopy(completion, 0, ids, prompt.length, completion.length);
        int[] targets = new int[ids.length];
        Arrays.fill(targets, CrossEntropy.NO_TARGET);
        System.arraycopy(completion, 0, targets, prompt.length - 1, completion.length);
        return new PackedRow(ids, targets, Sequences.ofLengths(ids.length));
    }

    private static Map<Integer, Double> probabilities(SparseDistributions said, int place) {
        int[] ids = new int[said.k()];
        float[] logProbabilities = new float[said.k()];
        said.copy(place, ids, logProbabilities, 0);
        Map<Integer, Double> probabilities = new HashMap<>();
        for (int i = 0; i < ids.length && ids[i] != SparseDistributions.NONE; i++) {
            probabilities.put(ids[i], Math.exp(logProbabilities[i]));
        }
        return probabilities;
    }
}
