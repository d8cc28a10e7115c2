package dev.distill.data.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommaRowsTest {
    @TempDir
    Path folder;

    @Test
    void quotedValuesHoldCommasQuotesAndLineBreaks() throws IOException {
        List<JsonNode> rows = read("""
                Question,Correct Answer,Wrong
                "What is ""x"",
                if 2x = 4?",2,"1,5"
                plain, spaced ,
                """);
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).path("Question").asText()).isEqualTo("What is \"x\",\nif 2x = 4?");
        assertThat(rows.get(0).path("Wrong").asText()).isEqualTo("1,5");
        assertThat(rows.get(1).path("Correct Answer").asText()).isEqualTo(" spaced ");
        assertThat(rows.get(1).path("Wrong").asText()).isEmpty();
    }

    @Test
    void numbersStayAsTheyAreWritten() throws IOException {
        assertThat(read("a,b\n0.10,007\n").getFirst().toString()).isEqualTo("{\"a\":\"0.10\",\"b\":\"007\"}");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() throws IOException {
        assertThat(read("\ufeffa,b\n1,2\n").getFirst().path("a").asText()).isEqualTo("1");
    }

    @Test
    void whatIsCompressedIsReadAlike() throws IOException {
        Path file = folder.resolve("rows.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("a\nx\n".getBytes(StandardCharsets.UTF_8));
        }
        List<JsonNode> rows = new ArrayList<>();
        RowFile.read(file, rows::add);
        assertThat(rows).hasSize(1);
    }

    @Test
    void aRowWithTooManyValuesIsNamed() {
        assertThatThrownBy(() -> read("a,b\n1,2\n1,2,3\n"))
                .isInstanceOf(IntakeException.class)
                .hasMessageContaining("row 2: must have at most 2 values, as there are columns; got 3");
    }

    @Test
    void aQuoteThatIsNotClosedIsNamed() {
        assertThatThrownBy(() -> read("a,b\n1,2\n\"1,2\n")).hasMessageContaining("is every quote closed?");
    }

    @Test
    void twoColumnsOfOneNameAreRefused() {
        assertThatThrownBy(() -> read("a,a\n1,2\n")).hasMessageContaining("a name of its own; got a, a");
    }

    private List<JsonNode> read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.csv"), text);
        List<JsonNode> rows = new ArrayList<>();
        RowFile.read(file, rows::add);
        return rows;
    }
}
