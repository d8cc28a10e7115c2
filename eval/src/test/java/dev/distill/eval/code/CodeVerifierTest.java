package dev.distill.eval.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.sandbox.Limits;
import dev.distill.eval.sandbox.Sandbox;
import dev.distill.eval.sandbox.Sandboxes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers as models give them, against tests as data sets hold them. */
@Timeout(60)
class CodeVerifierTest {
    private static final String SUM = sums("1 2", "3", "10 -4", "6");

    private static Sandbox sandbox;
    private static CodeVerifier verifier;

    @BeforeAll
    static void open() throws IOException {
        Sandboxes.assumeBubblewrap();
        sandbox = Sandbox.open();
        verifier = verifier(Duration.ofMinutes(1));
    }

    @AfterAll
    static void close() {
        if (sandbox != null) {
            sandbox.close();
        }
    }

    private static CodeVerifier verifier(Duration deadline) {
        Limits limits = Limits.STANDARD
                .withTime(Duration.ofSeconds(1))
                .withMemory(256 << 20)
                .withOutput(1 << 20);
        return new CodeVerifier(sandbox, new CodeVerifier.Settings(limits, deadline));
    }

    /** A reference: inputs and outputs in turn. */
    private static String sums(String... texts) {
        ObjectNode reference = CodeProblem.JSON.createObjectNode();
        ArrayNode tests = reference.putArray("tests");
        for (int at = 0; at < texts.length; at += 2) {
            tests.addObject().put("input", texts[at] + "\n").put("output", texts[at + 1] + "\n");
        }
        return reference.toString();
    }

    private static Finding check(String reference, String language, String source) {
        return verifier.check(reference, "Here it is.\n\n```" + language + "\n" + source + "\n```\n\nIt adds.");
    }

    private static void assumeThere(Finding finding) {
        assumeTrue(finding.reason() != Reason.NO_TOOLCHAIN, finding.detail());
    }

    @Test
    void pythonThatIsRight() {
        Finding finding = check(SUM, "python", "print(sum(map(int, input().split())))");

        assertThat(finding.verdict("code")).isEqualTo(Verdict.pass("code", "passed: 2 tests"));
    }

    @Test
    void pythonThatIsWrong() {
        Finding finding = check(SUM, "python", "print(3)");

        assertThat(finding.verdict("code"))
                .isEqualTo(Verdict.fail("code", "wrong-answer: test 2 of 2: word 1 is \"3\", not \"6\""));
    }

    @Test
    void everyWayToFailHasItsWord() {
        assertThat(check(SUM, "python", "while True: pass").reason()).isEqualTo(Reason.TIME_LIMIT);
        assertThat(check(SUM, "python", "x = [0] * (1 << 29)").reason()).isEqualTo(Reason.MEMORY_LIMIT);
        assertThat(check(SUM, "python", "while True: print('x' * 99999)").reason())
                .isEqualTo(Reason.OUTPUT_LIMIT);
        assertThat(check(SUM, "python", "print(1 // 0)").verdict("code").reason())
                .isEqualTo(
                        "runtime-error: test 1 of 2: exit code 1: ZeroDivisionError: integer division or modulo by zero");
        assertThat(check(SUM, "python", "import os; os.kill(os.getpid(), 11)")
                        .verdict("code")
                        .reason())
                .startsWith("runtime-error: test 1 of 2: signal 11");
        assertThat(check(SUM, "python", "print(").reason()).isEqualTo(Reason.COMPILE_ERROR);
        assertThat(verifier.check(SUM, "It is 3.").detail()).isEqualTo("the answer has no block of code");
        assertThat(verifier.check(SUM, "```javascript\nconsole.log(3)\n```"))
                .isEqualTo(Finding.before(
                        Reason.NO_CODE,
                        "the answer's block of code is in javascript, which is not run; Python, Java and C++ are"));
        assertThat(verifier.check("42", "```python\nprint(1)\n```").reason()).isEqualTo(Reason.NO_TESTS);
    }

    @Test
    void cpp() {
        String right =
                "#include <bits/stdc++.h>\nint main() { long long a, b; std::cin >> a >> b; std::cout << a + b << '\\n'; }";
        Finding finding = check(SUM, "cpp", right);
        assumeThere(finding);

        assertThat(finding.reason()).isEqualTo(Reason.PASSED);
        assertThat(check(SUM, "c++", "int main() { return x; }").verdict("code").reason())
                .startsWith("compile-error: main.cpp:1:")
                .contains("was not declared");
        assertThat(check(
                                SUM,
                                "cpp",
                                "#include <vector>\nint main() { std::vector<int> v; for (;;) v.resize(v.size() + 9999999, 1); }")
                        .reason())
                .isEqualTo(Reason.MEMORY_LIMIT);
        assertThat(check(SUM, "cpp", "int main() { return *(volatile int *) 0; }")
                        .detail())
                .startsWith("signal 11");
    }

    @Test
    void java() {
        String right = """
                import java.util.Scanner;

                public class Adder {
                    record Pair(int a, int b) {}

                    public static void main(String[] args) {
                        Scanner in = new Scanner(System.in);
                        Pair pair = new Pair(in.nextInt(), in.nextInt());
                        System.out.println(pair.a() + pair.b());
                    }
                }""";
        Finding finding = check(SUM, "java", right);
        assumeThere(finding);

        assertThat(finding.reason()).isEqualTo(Reason.PASSED);
        assertThat(check(SUM, "java", right.replace("pair.a() +", "pair.a() -")).reason())
                .isEqualTo(Reason.WRONG_ANSWER);
        assertThat(check(SUM, "java", "class A { int x = \"no\"; }").reason()).isEqualTo(Reason.COMPILE_ERROR);
        assertThat(check(
                                SUM,
                                "java",
                                "class A { public static void main(String[] a) { java.util.List<byte[]> l = new java.util.ArrayList<>(); while (true) l.add(new byte[1 << 22]); } }")
                        .reason())
                .isEqualTo(Reason.MEMORY_LIMIT);
    }

    @Test
    void aFunctionThatIsCalled() {
        String reference = """
                {"fn_name": "pairs", "tests": [{"input": "[3, 1, 2]\\n4", "output": "[[1, 3]]"}, {"input": "[]\\n1", "output": "[]"}]}
                """;
        String right = """
                class Solution:
                    def pairs(self, numbers: List[int], total: int) -> List[List[int]]:
                        print("what I print is not my answer")
                        return [(a, b) for a, b in combinations(sorted(numbers), 2) if a + b == total]
                """;

        assertThat(check(reference, "python", right).reason()).isEqualTo(Reason.PASSED);
        assertThat(check(reference, "python", "def pairs(numbers, total): return {1}")
                        .verdict("code")
                        .reason())
                .startsWith("wrong-answer: test 1 of 2: it returns");
        assertThat(check(reference, "python", "def other(): pass").reason()).isEqualTo(Reason.RUNTIME_ERROR);
        assertThat(check(reference, "python", "import sys\nsys.exit(0)").detail())
                .isEqualTo("it ended before the test did");
        assertThat(check(reference, "cpp", "int main() {}").reason()).isEqualTo(Reason.NO_CODE);
    }

    @Test
    void annotationsThatAreTextsAreLookedUp() {
        String source = """
                from __future__ import annotations
                from dataclasses import dataclass
                @dataclass
                class Pair:
                    a: int
                    b: "int"
                def f(a, b): return Pair(a, b).a + Pair(a, b).b
                """;
        assertThat(check("{\"fn_name\": \"f\", \"tests\": [{\"input\": [1, 2], \"output\": 3}]}", "python", source)
                        .verdict("code")
                        .reason())
                .isEqualTo("passed: 1 test");
    }

    @Test
    void statementsAfterTheProgram() {
        String reference =
                "{\"test_code\": \"def check(f):\\n    assert f(2) == 4\\n    assert f(3) == 9\\ncheck(square)\"}";

        assertThat(check(reference, "python", "def square(x): return x * x").reason())
                .isEqualTo(Reason.PASSED);
        assertThat(check(reference, "python", "def square(x): return x * 2")
                        .verdict("code")
                        .reason())
                .isEqualTo("wrong-answer: test 1 of 1: line 3 of the tests does not hold");
        for (String early :
                new String[] {"import os; os._exit(0)", "raise SystemExit", "print('{\"result\": true}'); exit()"}) {
            assertThat(check(reference, "python", early).reason()).isEqualTo(Reason.RUNTIME_ERROR);
        }
    }

    /** It writes whatever it finds that could be what is expected. */
    @Test
    void whatIsExpectedIsNowhereInTheSandbox() {
        String spy = """
                import glob, os
                found = b""
                names = glob.glob("/work/**", recursive=True) + glob.glob("/tmp/**", recursive=True) + glob.glob("/dev/shm/*")
                for process in glob.glob("/proc/[0-9]*"):
                    names += [process + "/environ", process + "/cmdline"] + glob.glob(process + "/fd/*")
                for name in names:
                    try:
                        if os.path.isfile(name) and not name.endswith("main.py"):
                            with open(name, "rb") as file:
                                found += file.read(1 << 20)
                    except OSError:
                        pass
                print("expected-7391" if b"expected-" + b"7391" in found else "nothing")
                """;
        Finding finding = check(
                sums("", "expected-7391"),
                "python",
                spy.replace("\"expected-7391\" if", "\"expected-\" + \"7391\" if"));

        assertThat(finding.detail()).isEqualTo("word 1 is \"nothing\", not \"expected-7391\"");
    }

    @Test
    void theProblemsOwnLimitsAreTaken() {
        String reference = "{\"time_limit_s\": 0.3, \"tests\": [{\"input\": \"\", \"output\": \"1\"}]}";
        long began = System.nanoTime();

        assertThat(check(reference, "python", "while True: pass")
                        .verdict("code")
                        .reason())
                .isEqualTo("time-limit: test 1 of 1: 0.3 s of processor time, or 1.6 s in all");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void allTestsTogetherHaveADeadline() {
        String[] many = new String[40];
        Arrays.fill(many, "");
        Finding finding =
                verifier(Duration.ofMillis(1500)).check(sums(many), "```python\nimport time\ntime.sleep(0.4)\n```");

        assertThat(finding.reason()).isEqualTo(Reason.DEADLINE);
        assertThat(finding.verdict("code").outcome()).isEqualTo(Verdict.Outcome.UNDECIDED);
        assertThat(finding.test()).isBetween(2, 5);
    }

    /** It may take 0.2 s of a processor and 1.4 s in all, and 1.3 s are left: one who sleeps has exceeded neither. */
    @Test
    void whoIsCutByTheDeadlineIsNotTooSlow() {
        CodeVerifier hasty = verifier(Duration.ofMillis(1300));
        String reference = "{\"time_limit_s\": 0.2, \"tests\": [{\"input\": \"\", \"output\": \"1\"}]}";
        String sleeps = "```python\nimport time\ntime.sleep(9)\n```";

        assertThat(hasty.check(reference, sleeps).reason()).isEqualTo(Reason.DEADLINE);
        assertThat(hasty.check(reference, "```python\nwhile True: pass\n```").reason())
                .isEqualTo(Reason.TIME_LIMIT);
        assertThat(verifier.check(reference, sleeps).reason()).isEqualTo(Reason.TIME_LIMIT);
    }

    /** Of 256 MiB the heap has all: 150 in one array fit into its older part, of two thirds. */
    @Test
    void aVirtualMachineComesOnTopOfTheMemory() {
        String source =
                "class A { public static void main(String[] a) { byte[] x = new byte[150 << 20]; System.out.println(x.length >> 20); } }";
        Finding finding = check(sums("", "150"), "java", source);
        assumeThere(finding);

        assertThat(finding.reason()).as(finding.detail()).isEqualTo(Reason.PASSED);
    }

    @Test
    void aMachineWithoutACompilerSaysSo() {
        Programs programs = new Programs(sandbox, new Toolchains(sandbox, Path.of("/usr/lib/no-jdk-here")));

        assertThat(programs.build(Language.JAVA, "class A {}", false, Limits.STANDARD))
                .isEqualTo(new Programs.Built.Failed(
                        Finding.before(Reason.NO_TOOLCHAIN, "this Java has no javac, or does not run in the sandbox")));
        assertThat(Reason.NO_TOOLCHAIN.outcome()).isEqualTo(Verdict.Outcome.UNDECIDED);
    }

    @Test
    void reasonsAreOneLineWhateverAProgramWrites() {
        Finding finding = check(SUM, "python", "import os; os.write(2, bytes(range(256)) * 9); os._exit(3)");

        assertThat(finding.verdict("code").reason())
                .doesNotContainPattern("\\p{Cntrl}")
                .hasSizeLessThan(400);
    }
}
