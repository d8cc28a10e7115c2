package dev.distill.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.distill.data.shard.SaidTokens.Part;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFolderTest {
    @TempDir
    Path traces;

    private static SaidTokens said(String word) {
        SaidTokens.Builder tokens = new SaidTokens.Builder();
        tokens.token(Part.REASONING, word.getBytes(StandardCharsets.UTF_8), -0.25f);
        tokens.candidate(word.getBytes(StandardCharsets.UTF_8), -0.25f);
        tokens.candidate(new byte[] {(byte) 0xe2, (byte) 0x82}, Float.NEGATIVE_INFINITY);
        tokens.token(Part.ANSWER, new byte[0], -3);
        tokens.token(Part.ANSWER, new byte[200], 0);
        tokens.candidate(new byte[0], -1.5f);
        return Objects.requireNonNull(tokens.build());
    }

    @Test
    void tokensComeBackAsTheyWereTold() {
        List<SaidTokens.Token> tokens = said("Wort €").tokens();
        assertThat(tokens).extracting(SaidTokens.Token::part).containsExactly(Part.REASONING, Part.ANSWER, Part.ANSWER);
        assertThat(tokens.get(0).bytes()).isEqualTo("Wort €".getBytes(StandardCharsets.UTF_8));
        assertThat(tokens.get(0).logProbability()).isEqualTo(-0.25f);
        assertThat(tokens.get(0).likeliest().get(1).bytes()).containsExactly(0xe2, 0x82);
        assertThat(tokens.get(0).likeliest().get(1).logProbability()).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(tokens.get(1).likeliest()).isEmpty();
        assertThat(tokens.get(2).bytes()).hasSize(200);
        assertThat(tokens.get(2).likeliest().getFirst().logProbability()).isEqualTo(-1.5f);
        assertThat(new SaidTokens.Builder().build()).isNull();
    }

    @Test
    void damageIsFound() {
        byte[] code = said("x").code();
        for (int length : new int[] {1, 3, code.length - 1}) {
            assertThatThrownBy(() -> SaidTokens.of(Arrays.copyOf(code, length)).tokens())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("teacher's tokens: end in the middle");
        }
    }

    @Test
    void aFolderIsReplacedAndReadInOrder() throws IOException {
        write("old", "older");
        write("a", "b", "c");
        List<String> ids = new ArrayList<>();
        TokenFolder.in(traces).forEach(row -> {
            ids.add(row.traceId());
            assertThat(row.tokens()).isEqualTo(said(row.traceId()));
        });
        assertThat(ids).containsExactly("a", "b", "c");
        assertThat(TokenFolder.in(traces.resolve("tokens")).files()).hasSize(1);
        assertThat(TokenFolder.in(traces.resolve("nowhere")).files()).isEmpty();
    }

    @Test
    void tracesAreJoinedWithWhatTheirTeacherTold() throws IOException {
        List<Trace> all = RandomTraces.list(71, 5, 20);
        write(all.get(1).id(), all.get(3).id());
        List<String> joined = new ArrayList<>();
        TokenFolder.of(traces).join(all.iterator(), (trace, tokens) -> joined.add(trace.id() + " " + (tokens != null)));
        assertThat(joined)
                .containsExactly(
                        all.get(0).id() + " false",
                        all.get(1).id() + " true",
                        all.get(2).id() + " false",
                        all.get(3).id() + " true",
                        all.get(4).id() + " false");
        assertThatThrownBy(() -> TokenFolder.of(traces).join(all.subList(0, 3).iterator(), (trace, tokens) -> {}))
                .isInstanceOf(ShardException.class)
                .hasMessageContaining("has tokens of trace " + all.get(3).id() + ", which is not among the traces")
                .hasMessageContaining("join them with the folder of traces that lies beside them");
    }

    private void write(String... ids) throws IOException {
        try (RowWriter<TeacherTokens> writer = TokenFolder.of(traces).replace()) {
            for (String id : ids) {
                writer.write(new TeacherTokens(id, said(id)));
            }
            writer.finish();
        }
    }
}
