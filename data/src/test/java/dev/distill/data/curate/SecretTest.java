package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.data.trace.Verdict.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, passwords and numbers of persons. All that look real are made up here, from a seed where they need chance. */
class SecretTest {
    private static final long SEED = 20261130;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** What push protection and scanners for leaks look for. */
    private static final Pattern KEYS = Pattern.compile(
            "A[KS]IA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30}|github_pat_\\w{20}"
                    + "|sk-[A-Za-z0-9-]{20}|[sr]k_(?:live|test)_[A-Za-z0-9]{16}|xox[abposr]-[A-Za-z0-9-]{10}|AIza[\\w-]{30}|hf_[A-Za-z0-9]{30}"
                    + "|glpat-[\\w-]{18}|npm_[A-Za-z0-9]{30}|pypi-[\\w-]{20}|SG\\.[\\w-]{16}\\.[\\w-]{16}|ya29\\.[\\w-]{20}"
                    + "|hooks\\.slack\\.com/services/T\\w+/|eyJ[\\w-]{10,}\\.eyJ[\\w-]{10}|-----BEGIN [A-Z ]+ PRIVATE KEY-----");

    private static final NoSecrets FILTER = new NoSecrets();

    private static Verdict check(String text) {
        return FILTER.check(Traces.answer(text));
    }

    private static String random(int length, String alphabet, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** So that no key stands in the source in one piece. */
    private static String body(int length, Random random) {
        return "a1" + random(length - 2, LETTERS, random);
    }

    /** Whoever scans it for leaks finds none: what looks like a key is cut, in sources by a plus sign, in labelled data by a mark. */
    @Test
    void noKeyStandsInThisRepositoryInOnePiece() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> roots = Files.list(Path.of(".."))) {
            for (Path root : roots.flatMap(module -> Stream.of(module.resolve("src"), module))
                    .filter(path -> path.endsWith("src") || path.endsWith("docs") || path.endsWith("scripts"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> all = Files.walk(root)) {
                    all.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        }
        assertThat(files).hasSizeGreaterThan(500);
        for (Path file : files) {
            assertThat(KEYS.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                            .results()
                            .map(MatchResult::group))
                    .as("what scanners take for keys in %s", file)
                    .isEmpty();
        }
    }

    @Test
    void keysOfKnownPrefixesAreFoundAndNeverShown() {
        Random random = new Random(SEED);
        for (String prefix :
                new String[] {"ghp_", "sk-", "sk-proj-", "glpat-", "xoxb-", "hvs.", "sk_live_", "whsec_", "gsk_"}) {
            String body = body(40, random);
            Verdict verdict = check("Use this key: " + prefix + body + ", please.");
            assertThat(verdict.outcome()).as(prefix).isEqualTo(Outcome.FAIL);
            assertThat(verdict.reason())
                    .startsWith("answer [api_key]: " + prefix + "***")
                    .doesNotContain(body);
        }
        assertThat(check("The id is AKIA" + random(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", random))
                        .outcome())
                .isEqualTo(Outcome.FAIL);
        assertThat(check("AIza" + body(35, random)).outcome()).isEqualTo(Outcome.FAIL);
    }

    @Test
    void randomStringsThatAreCalledKeysAreFound() {
        Random random = new Random(SEED);
        for (String before :
                new String[] {"api_key = \"", "SECRET_KEY: ", "the access token is ", "client_secret=", "密钥："}) {
            Verdict verdict = check(before + body(32, random) + "\"");
            assertThat(verdict.reason()).as(before).startsWith("answer [api_key]: ***");
        }
        assertThat(check("The digest is " + random(64, "0123456789abcdef", random))
                        .outcome())
                .isEqualTo(Outcome.PASS);
    }

    @Test
    void tokensPrivateKeysAndPasswordsInAddressesAreFound() {
        Random random = new Random(SEED);
        String jwt = "eyJ" + body(20, random) + ".eyJ" + body(40, random) + "." + body(43, random);
        assertThat(check("Bearer " + jwt).reason()).startsWith("answer [jwt]: ");
        String pem = "-----BEGIN RSA " + "PRIVATE KEY-----\n" + body(64, random) + "\n-----END RSA PRIVATE KEY-----";
        assertThat(check(pem).reason()).isEqualTo("answer [private_key]: -----BEGIN " + "PRIVATE KEY-----");
        assertThat(check("postgres:/" + "/app:Zk4vTq9w@db.internal:5432/x").reason())
                .isEqualTo("answer [password]: ********");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            email | Write to maria.keller84@gmail.com for it.
            phone | Call me on (415) 867-2233 tonight.
            phone | Her number is +44 20 7123 4568.
            phone | 联系电话：138-1234-9876。
            ssn | The SSN on file is 536-22-8726.
            card | She paid with 4539 1488 0343 6467 online.
            iban | Transfer it to PL61 1090 1014 0000 0712 1981 2874.
            national_id | 身份证号码是 110105199003078510。
            password | The password is Tr4velling#Owl
            password | 密码：wX93kq!t2
            ip | The server at 45.83.122.9 answered.
            birth_date | Date of birth: 1987-04-12
            passport | Passport number: X4482193
            address | He lives at 1427 Maple Hollow Road, Springfield, IL 62704.
            """)
    void dataOfPersonsAreFoundAndNeverShown(String kind, String text) {
        Verdict verdict = check(text);
        assertThat(verdict.reason()).startsWith("answer [" + kind + "]: ");
        assertThat(verdict.reason().replaceAll("^answer \\[\\w+]: | \\(\\d+ characters\\)$", ""))
                .doesNotContainPattern("[\\p{L}\\p{N}]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Write to someone@example.com, or to admin@test.org.",
                "git clone git@github.com:user/project.git",
                "Call 555-0142 or (212) 555-0199.",
                "The key AKIA" + "IOSFODNN7EXAMPLE is the one of the documentation.",
                "The card 4111 1111 1111 1111 is for tests.",
                "The host 192.0.2.44 and the server 10.0.0.7 are ours, and so is address 127.0.0.1.",
                "export API_KEY=\"your-api-key-goes-here-0001\"",
                "api_key = os.environ['OPENAI_API_KEY_V2']",
                "password = input('Your password: ')",
                "The password must have 8 characters, and a password like hunter2 is bad.",
                "-----BEGIN RSA " + "PRIVATE KEY----- is how such a file begins.",
                "IBAN: GB82 WEST 1234 5698 7654 32",
                "1234567890 * 9876543210 = 12193263111263526900",
                "4539148803436467 + 1 = 4539148803436468 is the sum.",
                "The decorator @functools.lru_cache(maxsize=1024) is used.",
                "sha256 of it is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "Version 1.2.3.4 of the server came out.",
                "Pi is 3.14159265358979323846, and e is 2.71828182845904523536.",
                "The difference is 100-20-3000 = -2920.",
                "He was born on 14 March 1879 in Ulm.",
            })
    void examplesAndArithmeticAreNone(String text) {
        Verdict verdict = check(text);
        assertThat(verdict.outcome()).as(verdict.reason()).isEqualTo(Outcome.PASS);
    }

    /** A kind that is a label hides no other one. */
    @Test
    void allKindsInATraceAreFound() {
        String token = "ghp_" + body(36, new Random(SEED));
        Trace trace = Traces.trace(
                Traces.QUESTION,
                "The key is " + token + " and the passport number: X4482193 too.",
                "Write to maria.keller84@gmail.com or pay to PL61 1090 1014 0000 0712 1981 2874.",
                null);
        assertThat(FILTER.findings(trace, new TraceWords(trace)))
                .extracting(Verdict::by)
                .containsExactly("secrets:email", "secrets:iban", "secrets:passport", "secrets:api_key");
        CurationSettings settings = CurationSettings.standard(new MathVerifier(), List.of());
        Set<String> all = Set.of("secrets:email", "secrets:iban", "secrets:passport", "secrets:api_key");
        assertThat(new Examiner(settings.labelling(all)).examine(trace).passed())
                .isTrue();
        for (String missing : all) {
            Set<String> labels = new HashSet<>(all);
            labels.remove(missing);
            Examined examined = new Examiner(settings.labelling(labels)).examine(trace);
            assertThat(examined.failures()).extracting(Verdict::by).containsExactly(missing);
            Tally tally = new Tally(settings);
            tally.examined(examined);
            for (String kind : all) {
                assertThat(tally.report(null).failed()).containsEntry(kind, 1L);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "She paid with 4539 1488 0343 6467 online.",
                "Transfer it to PL61 1090 1014 0000 0712 1981 2874.",
                "Her number is +44 20 7123 4568.",
                "身份证号码是 110105199003078510。",
                "Date of birth: 1987-04-12",
                "He lives at 1427 Maple Hollow Road, Springfield, IL 62704.",
                "The SSN on file is 536-22-8726."
            })
    void whatWasFoundIsNothingElseToo(String text) {
        Trace trace = Traces.answer(text);
        assertThat(FILTER.findings(trace, new TraceWords(trace))).hasSize(1);
    }

    @Test
    void checkDigitsAreThoseOfTheStandards() {
        assertThat(SecretNumbers.isLuhn("79927398713")).isTrue();
        assertThat(SecretNumbers.isLuhn("79927398710")).isFalse();
        assertThat(SecretNumbers.isMod97("GB82WEST12345698765432")).isTrue();
        assertThat(SecretNumbers.isMod97("GB82WEST12345698765433")).isFalse();
        assertThat(SecretNumbers.isChineseId("11010519491231002X")).isTrue();
        assertThat(SecretNumbers.isChineseId("110105194912310021")).isFalse();
        assertThat(SecretKeys.entropy("aabb")).isEqualTo(1);
    }

    @Test
    void longRandomArithmeticHasNoSecrets() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            long a = random.nextLong(1_000_000_000_000_000L);
            long b = random.nextLong(1_000_000_000L);
            String text = "We add " + a + " and " + b + ": " + a + " + " + b + " = " + (a + b) + ". So " + a + "-" + b
                    + " = " + (a - b);
            assertThat(check(text).outcome()).as(text + ", seed " + SEED).isEqualTo(Outcome.PASS);
        }
    }

    /** A stack of the matcher's own would overflow. */
    @Test
    void aKeysHeadAndAFloodOfLinesEndInTime() {
        String head = "-----BEGIN PRIV" + "ATE KEY-----";
        assertThat(FILTER.check(Traces.answer(head + "\n".repeat(200_000))).outcome())
                .isEqualTo(Outcome.PASS);
        assertThat(FILTER.check(Traces.answer(head + "\nProc-Type: 4,ENCRYPTED\n".repeat(50_000)))
                        .outcome())
                .isEqualTo(Outcome.PASS);
        assertThat(FILTER.check(Traces.answer(head + "\n" + "A1b2C3d4".repeat(8)))
                        .by())
                .isEqualTo("secrets:private_key");
    }
}
