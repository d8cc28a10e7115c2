package dev.distill.train.teach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.pack.Sample;
import dev.distill.data.shard.RowWriter;
import dev.distill.data.shard.SaidTokens;
import dev.distill.data.shard.SaidTokens.Part;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TeacherTokens;
import dev.distill.data.shard.TokenFolder;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.respond.TinyStudent;
import dev.distill.train.teach.TeacherVoice.Taught;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a harvest's tokens tell a student whose tokens and template are others. */
class HarvestedVoiceTest {
    private static final int K = 4;
    private static final String BEFORE = "<|im_start|>assistant\n<think>\n";

    @TempDir
    Path folder;

    private Tokenizer student;

    @BeforeEach
    void open() throws Exception {
        TinyStudent.writeTokenizer(folder);
        student = TokenizerFile.open(folder);
    }

    @AfterEach
    void close() {
        student.close();
    }

    private static Trace trace(String reasoning, String answer) {
        return new Trace(
                "t",
                "p",
                0,
                List.of(Message.user("q")),
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

    /** Each word is expected with 0.75, and "zz" with 0.125. */
    private static SaidTokens said(byte[]... words) {
        SaidTokens.Builder tokens = new SaidTokens.Builder();
        for (byte[] word : words) {
            tokens.token(Part.ANSWER, word, (float) Math.log(0.75));
            tokens.candidate("zz".getBytes(StandardCharsets.UTF_8), (float) Math.log(0.125));
        }
        return Objects.requireNonNull(tokens.build());
    }

    private static SaidTokens said(String... words) {
        return said(Arrays.stream(words)
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new));
    }

    /** What is expected at each of the student's tokens, by the char at which it begins: the likeliest token's text. */
    private Map<Integer, String> expected(SaidTokens said, Trace trace, String text) throws IOException {
        try (RowWriter<TeacherTokens> writer = TokenFolder.of(folder).replace()) {
            writer.write(new TeacherTokens("t", said));
            writer.finish();
        }
        int[] ids = student.encode(text);
        assertThat(student.decode(ids, false)).isEqualTo(text);
        Sample sample = new Sample("t", ids, List.of(new Sample.Span(1, ids.length)));
        Map<Integer, String> found = new LinkedHashMap<>();
        Path spill = folder.resolve("spill");
        try (HarvestedVoice voice =
                HarvestedVoice.open(TokenFolder.in(folder), student, student.vocabularySize(), K, spill)) {
            SparseDistributions told =
                    voice.expect(List.of(new Taught(trace, sample))).getFirst();
            TokenText places = TokenText.of(ids, student);
            for (int place = 0; place < told.places(); place++) {
                int[] named = new int[K];
                float[] logProbabilities = new float[K];
                told.copy(place, named, logProbabilities, 0);
                if (named[0] != SparseDistributions.NONE) {
                    assertThat(Math.exp(logProbabilities[0])).isBetween(0.74, 0.76);
                    found.put(places.start(place + 1), student.decode(new int[] {named[0]}, false));
                }
            }
        }
        assertThat(Files.exists(spill)).isFalse();
        return found;
    }

    private String first(String word) {
        return student.decode(new int[] {student.encode(word)[0]}, false);
    }

    /** The texts lie apart in what the teacher wrote, with white space around them that the student's template writes otherwise. */
    @Test
    void eachWordCountsWhereItBegins() throws IOException {
        String text = BEFORE + "two and four\n</think>\n\nthe answer is six<|im_end|>";
        Map<Integer, String> found = expected(
                said(
                        "<think>",
                        "\n\n",
                        "two",
                        " and",
                        " four",
                        "\n",
                        "</think>",
                        "\n",
                        "the",
                        " answer",
                        " is",
                        " six"),
                trace("\ntwo and four\n", "the answer is six"),
                text);
        int two = text.indexOf("two");
        int the = text.indexOf("the answer");
        Map<Integer, String> expected = new LinkedHashMap<>();
        for (String word : List.of("two", " and", " four")) {
            expected.put(text.indexOf(word, two), first(word));
        }
        for (String word : List.of("the", " answer", " is", " six")) {
            expected.put(text.indexOf(word, the), first(word));
        }
        assertThat(found).isEqualTo(expected);
    }

    /** A token of the teacher's that begins inside one of the student's says nothing; so does one that begins with what is not taught. */
    @Test
    void wordsThatDoNotBeginWithAStudentsTokenSayNothing() throws IOException {
        String text = BEFORE + "two and four\n</think>\n\nsix<|im_end|>";
        Map<Integer, String> found =
                expected(said("\ntwo", " a", "nd four", "six"), trace("two and four", "six"), text);
        assertThat(found).containsEntry(text.indexOf("six"), first("six")).doesNotContainKey(text.indexOf("two"));
    }

    /** Two tokens that make one character, on the way to one that is read again. */
    @Test
    void partsOfCharactersDoNotMoveWhatFollows() throws IOException {
        byte[] smile = "\uD83D\uDE00".getBytes(StandardCharsets.UTF_8);
        String text = BEFORE + "two\n</think>\n\ntwo \uD83D\uDE00 and four<|im_end|>";
        Map<Integer, String> found = expected(
                said(
                        "two".getBytes(StandardCharsets.UTF_8),
                        "two".getBytes(StandardCharsets.UTF_8),
                        " ".getBytes(StandardCharsets.UTF_8),
                        Arrays.copyOf(smile, 2),
                        Arrays.copyOfRange(smile, 2, 4),
                        " and".getBytes(StandardCharsets.UTF_8),
                        " four".getBytes(StandardCharsets.UTF_8)),
                trace("two", "two \uD83D\uDE00 and four"),
                text);
        assertThat(found)
                .containsEntry(text.indexOf(" and"), first(" and"))
                .containsEntry(text.indexOf(" four"), first(" four"));
    }

    @Test
    void aTraceWhoseTextsAreOthersIsReadAsText() throws IOException {
        String text = BEFORE + "two\n</think>\n\nfour<|im_end|>";
        assertThat(expected(said("six", " is"), trace("two", "four"), text)).isEmpty();
        assertThat(expected(said("two", "four"), trace("and", "six"), text)).isEmpty();
    }
}
