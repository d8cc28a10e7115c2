package dev.distill.eval.code;

import dev.distill.data.answer.Verifier;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import dev.distill.eval.code.Judge.Result;
import dev.distill.eval.code.Programs.Built;
import dev.distill.eval.sandbox.Limits;
import dev.distill.eval.sandbox.Sandbox;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks an answer that is a program by running the tests of its problem in a sandbox, until one fails. The reason of a verdict begins with a {@link
 * Reason}'s word. Safe for many threads; each verification takes a core.
 */
public final class CodeVerifier implements Verifier {
    public static final String NAME = "code";

    /** What the start of a JVM takes, for which a program is not to blame. */
    private static final Duration JVM_START = Duration.ofSeconds(1);

    /** With less left than this no test is begun but the first: a sandbox that hardly stands says nothing. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final Sandbox sandbox;
    private final Settings settings;
    private final Programs programs;

    /**
     * How long and how much.
     *
     * @param limits of each test, where the problem says nothing
     * @param deadline of all tests of one answer together
     */
    public record Settings(Limits limits, Duration deadline) {
        public static final Settings STANDARD = new Settings(Limits.STANDARD, Duration.ofMinutes(5));
    }

    public CodeVerifier(Sandbox sandbox, Settings settings) {
        this.sandbox = sandbox;
        this.settings = settings;
        this.programs = new Programs(sandbox, new Toolchains(sandbox));
    }

    @Override
    public String name() {
        return NAME;
    }

    /**
     * Runs the tests.
     *
     * @throws dev.distill.eval.sandbox.SandboxException if the sandbox broke, which says nothing about the answer
     */
    @Override
    public Verdict verify(Trace trace) {
        return check(trace.reference(), trace.answer()).verdict(NAME);
    }

    /** The same for a reference and an answer alone. */
    public Finding check(@Nullable String reference, String answer) {
        Optional<CodeProblem> problem = CodeProblem.of(reference);
        if (problem.isEmpty() || problem.get().tests().isEmpty()) {
            return Finding.before(Reason.NO_TESTS, "the reference has none that can be read");
        }
        Optional<CodeBlock> block = CodeBlock.last(answer);
        if (block.isEmpty()) {
            return Finding.before(
                    Reason.NO_CODE,
                    CodeBlock.fenced(answer)
                            .map(word -> "the answer's block of code is in " + word
                                    + ", which is not run; Python, Java and C++ are")
                            .orElse("the answer has no block of code"));
        }
        return check(problem.get(), block.get());
    }

    private Finding check(CodeProblem problem, CodeBlock block) {
        Language language = block.language().orElse(problem.language());
        boolean called = problem.tests().stream().anyMatch(test -> !(test instanceof CodeTest.Stdin));
        if (called && language != Language.PYTHON) {
            return Finding.before(
                    Reason.NO_CODE, "the tests call a function of Python, the answer is in " + language.word());
        }
        Limits limits = limits(problem, language);
        return switch (programs.build(language, block.source(), called, limits)) {
            case Built.Failed failed -> failed.finding();
            case Built.Ready ready -> run(ready.program(), problem, limits);
        };
    }

    private Limits limits(CodeProblem problem, Language language) {
        Limits limits = settings.limits();
        Duration cpu = problem.timeLimitS().isPresent()
                ? Duration.ofMillis((long)
                        Math.max(100, 1000 * Math.min(problem.timeLimitS().getAsDouble(), 3600)))
                : limits.cpu();
        if (problem.memoryLimitMib().isPresent()) {
            limits =
                    limits.withMemory((long) Math.clamp(problem.memoryLimitMib().getAsDouble(), 32, 1 << 20) << 20);
        }
        return language == Language.JAVA
                ? limits.withTime(cpu.plus(JVM_START)).withMemory(limits.memoryBytes() + Programs.JVM_BYTES)
                : limits.withTime(cpu);
    }

    private Finding run(Program program, CodeProblem problem, Limits limits) {
        Judge judge = new Judge(sandbox, new Outputs(problem.tolerance()));
        long began = System.nanoTime();
        int count = problem.tests().size();
        for (int test = 1; test <= count; test++) {
            Duration left = settings.deadline().minusNanos(System.nanoTime() - began);
            if (!left.isPositive() || (test > 1 && left.compareTo(LEAST) < 0)) {
                return new Finding(Reason.DEADLINE, test, count, deadline());
            }
            Result result = judge.judge(program, problem.tests().get(test - 1), limits.within(left));
            boolean tooMuch = result.cpu().compareTo(limits.cpu()) >= 0; // whatever is left
            if (result.reason() == Reason.TIME_LIMIT && left.compareTo(limits.wall()) < 0 && !tooMuch) {
                return new Finding(Reason.DEADLINE, test, count, deadline());
            }
            if (result.reason() != Reason.PASSED) {
                return new Finding(result.reason(), test, count, result.detail());
            }
        }
        return new Finding(Reason.PASSED, 0, count, count == 1 ? "1 test" : count + " tests");
    }

    private String deadline() {
        return settings.deadline().toSeconds() + " s for all tests together";
    }
}
