package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.shard.ShardException;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet files that pyarrow wrote (make_parquet.py): Snappy, gzip and Zstandard, nested columns, lists of messages. */
class PromptParquetTest {
    @TempDir
    Path folder;

    private Path file(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PromptParquetTest.class.getResourceAsStream(name))) {
            Path copy = folder.resolve(name);
            Files.write(copy, in.readAllBytes());
            return copy;
        }
    }

    private PromptSet read(String name, @Nullable String question, @Nullable String reference) throws IOException {
        return PromptFile.read(
                file(name),
                PromptFormat.PLAIN
                        .withColumns(new PromptColumns(question, reference))
                        .withSource("set"));
    }

    private static Prompt prompt(String question, @Nullable String reference) {
        return Prompt.of(List.of(Message.user(question)), reference, "set");
    }

    @Test
    void nestedColumnsByTheirPlaces() throws IOException {
        PromptFormat two = PromptFormat.PLAIN
                .withColumns(new PromptColumns("extra.problem", "extra.solution.answer"))
                .withSource("set")
                .withRange(0, 2);
        assertThat(PromptFile.read(file("nested.parquet"), two).prompts())
                .containsExactly(prompt("What is 1 + 1?", "2"), prompt("What is 2 + 2?", "4"));
    }

    @Test
    void rowsAreGivenAsTheyStandToo() throws IOException {
        List<String> problems = new ArrayList<>();
        RowFile.read(
                file("nested.parquet"),
                row -> problems.add(row.path("extra").path("problem").asText()));
        assertThat(problems).startsWith("What is 1 + 1?", "What is 2 + 2?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lz4", "brotli"})
    void aCodecThatIsNotReadIsNamed(String codec) throws IOException {
        Path file = file(codec + ".parquet");
        assertThatThrownBy(() -> PromptFile.read(file, PromptFormat.PLAIN))
                .hasMessageContaining("is compressed with " + codec.toUpperCase(Locale.ROOT))
                .hasMessageContaining("write it again, as in Python with pyarrow.parquet.write_table")
                .hasMessageNotContaining("is it the whole file");
    }

    @Test
    void aReferenceThatIsNullIsNone() throws IOException {
        PromptSet set = read("nested.parquet", "extra.problem", "score");
        assertThat(set.prompts())
                .containsExactly(
                        prompt("What is 1 + 1?", "0.5"),
                        prompt("What is 2 + 2?", "2.0"),
                        prompt("What is 3 + 3?", null));
    }

    @Test
    void conversationsUnderTheUsualNameAndOneMessageOfThem() throws IOException {
        assertThat(read("chat.parquet", null, null).prompts())
                .containsExactly(
                        prompt("one", "1"),
                        Prompt.of(
                                List.of(Message.user("two"), Message.assistant("no"), Message.user("three")),
                                "3",
                                "set"));
        assertThat(read("chat.parquet", "messages.0.content", null).prompts())
                .containsExactly(prompt("one", "1"), prompt("two", "3"));
    }

    @Test
    void shareGptsNames() {
        assertThatThrownBy(() -> read("chat.parquet", "conversations", null))
                .isInstanceOf(IntakeException.class)
                .hasMessage("prompts " + folder.resolve("chat.parquet") + ": 1 of its rows cannot be used:\n"
                        + "  row 1: conversations: the last message must be the user's, got assistant; to ask one message"
                        + " alone, name it, as prompts.column: conversations.0.content");
    }

    @Test
    void allBadRowsAreNamedWithFileRowColumnAndCure() {
        assertThatThrownBy(() -> read("bad.parquet", null, null))
                .isInstanceOf(IntakeException.class)
                .hasMessageStartingWith("prompts " + folder.resolve("bad.parquet") + ": 2 of its rows cannot be used:")
                .hasMessageContaining("row 2: question: must be a text that is not empty, got an empty one")
                .hasMessageContaining(
                        "row 3: must have exactly one of prompt, question, problem, messages; has none; say in"
                                + " prompts.column which column asks (there are question, answer)");
    }

    @Test
    void aColumnThatIsNotThereIsToldWithThoseThatAre() {
        assertThatThrownBy(() -> read("nested.parquet", "question", null))
                .hasMessageContaining(
                        "row 1: has no column question; it has id, extra, score, image; name the right one"
                                + " in prompts.column");
        assertThatThrownBy(() -> read("nested.parquet", null, null))
                .hasMessageContaining("has none of the columns prompt, question, problem, messages; it has id, extra");
        assertThatThrownBy(() -> read("nested.parquet", "extra.problem", "solution"))
                .hasMessageContaining("has no column solution; it has id, extra, score, image; name the right one in"
                        + " prompts.reference");
        assertThatThrownBy(() -> read("nested.parquet", "extra.question", null))
                .hasMessageContaining("row 3: has no column extra.question; it has extra");
    }

    @Test
    void whatCannotBeReadIsRefused() throws IOException {
        assertThatThrownBy(() -> read("brotli.parquet", null, null))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("BROTLI");
        Path torn = folder.resolve("torn.parquet");
        byte[] whole = Files.readAllBytes(file("nested.parquet"));
        Files.write(torn, java.util.Arrays.copyOf(whole, whole.length - 9));
        assertThatThrownBy(() -> PromptFile.read(torn, PromptFormat.PLAIN))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("is no readable Parquet file");
    }

    @Test
    void columnsAreNamedInLinesOfJsonToo() throws IOException {
        Path lines = Files.writeString(
                folder.resolve("a.jsonl"),
                "{\"q\": {\"text\": \"a\"}, \"gold\": 3, \"question\": \"not this\"}\n{\"q\": {}, \"gold\": 3}");
        PromptFormat format = PromptFormat.PLAIN.withColumns(new PromptColumns("q.text", "gold"));
        assertThatThrownBy(() -> PromptFile.read(lines, format))
                .hasMessageContaining(
                        "line 2: has no column q.text; it has q, gold; name the right one in prompts.column");
        assertThat(PromptFile.read(lines, format.withRange(0, 1)).prompts())
                .containsExactly(Prompt.of(List.of(Message.user("a")), "3", "a.jsonl"));
    }
}
