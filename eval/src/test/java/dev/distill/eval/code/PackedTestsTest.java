package dev.distill.eval.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/**
 * Pickles that Python 3 wrote: {@code base64.b64encode(zlib.compress(pickle.dumps(x, protocol=p)))} with x a JSON text of two tests (protocols 2 and 4), an object
 * whose {@code __reduce__} is {@code (os.system, ("true",))}, and the list {@code ["a", "b"]}.
 */
public class PackedTestsTest {
    static final String PROTOCOL_2 =
            "eJxrYIooY2BgiK5WyswrKC1RslJQMlQwislT0lFQyi8tgQoZQwRKUotLSioLUkFCxSUpmXlKtToKyDoNFHRN0P"
                    + "Wa4dQbW8igBwAzoyVg";
    public static final String PROTOCOL_4 =
            "eJxrYJlaxQABPWXR1UqZeQWlJUpWCkqGCkYxeUo6Ckr5pSVQIWOIQElqcUlJZUEqSKi4JCUzT6lWRwFZp4GCrg"
                    + "m6XjOcemOn6AEAs2ImyA==";
    private static final String CALL = "eJxrYJkqzwABPawF+cWZFVN62Iori0tSc6dMntLDUlJUmjqldUrQFD0AA2gOlA==";
    private static final String LIST = "eJxrYJnKywABsVM0ehgTp/QwJk1J1QMAO9IF2A==";

    @Test
    void oneTextIsRead() {
        String tests = "[{\"input\": \"1 2\\n\", \"output\": \"3\\n\", \"testtype\": \"stdin\"}, "
                + "{\"input\": \"10 -4\\n\", \"output\": \"6\\n\", \"testtype\": \"stdin\"}]";
        assertThat(PackedTests.unpack("t", PROTOCOL_2)).isEqualTo(tests);
        assertThat(PackedTests.unpack("t", PROTOCOL_4)).isEqualTo(tests);
    }

    @Test
    void aPickleThatCallsSomethingIsRefused() {
        assertThatThrownBy(() -> PackedTests.unpack("private_test_cases", CALL))
                .hasMessageStartingWith("private_test_cases: must be a pickle of one text and nothing else");
    }

    @Test
    void aPickleOfSomethingElseIsRefused() {
        assertThatThrownBy(() -> PackedTests.unpack("t", LIST)).hasMessageContaining("it has the opcode 0x5d");
    }

    @Test
    void whatIsCutOrNoPickleIsRefused() {
        assertThatThrownBy(() -> PackedTests.unpack("t", PROTOCOL_4.substring(0, 40)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PackedTests.unpack("t", "hello"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be JSON, or that pickled, compressed and in base64");
    }

    @Test
    void whatWePackIsReadAgainAndBounded() {
        String tests = "[{\"input\": \"\u00e9\", \"output\": \"2\"}]";
        assertThat(PackedTests.unpack("c", PackedTests.pack(tests))).isEqualTo(tests);
        assertThatThrownBy(() -> PackedTests.unpack("c", PackedTests.pack("[" + " ".repeat(3 << 20) + "]"), 1 << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "c: must come to at most 1 MiB of tests, an eighth of the memory that this program may take (-Xmx)");
    }
}
