package dev.distill.train.teach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.tokenize.TokenizerFile;
import dev.distill.respond.TinyStudent;
import dev.distill.teacher.ScoredText;
import dev.distill.teacher.ScoredText.Token;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenPairsTest {
    @TempDir
    Path folder;

    /** Servers count code points: a character of two chars is one. */
    @Test
    void placesAreCountedInCodePoints() throws Exception {
        TinyStudent.writeTokenizer(folder);
        List<String> words = List.of("two", " \uD83D\uDE00", " and", " \uD83D\uDE00\uD83D\uDE00", " two");
        try (Tokenizer student = TokenizerFile.open(folder)) {
            int[] ids = student.encode(String.join("", words));
            int[] begin = {0};
            List<Token> told = words.stream()
                    .map(word -> {
                        Token token = new Token(word, ScoredText.NO_ID, begin[0], -1, List.of());
                        begin[0] += word.codePointCount(0, word.length());
                        return token;
                    })
                    .toList();
            TokenPairs pairs = Objects.requireNonNull(TokenPairs.of(told, ids, student));
            TokenText text = TokenText.of(ids, student);
            List<String> paired = Stream.iterate(0, i -> i < ids.length, i -> i + 1)
                    .filter(i -> text.ends()[i] != TokenText.INSIDE && text.start(i) != TokenText.INSIDE)
                    .map(pairs::of)
                    .filter(Objects::nonNull)
                    .map(Token::text)
                    .toList();
            assertThat(paired).contains("two", " and", " two").isSubsetOf(words);
        }
    }
}
