package dev.distill.eval.grade;

import dev.distill.eval.code.CodeBlock;
import dev.distill.eval.code.CodeVerifier;
import dev.distill.eval.code.Finding;
import dev.distill.eval.code.Reason;
import dev.distill.eval.sandbox.SandboxException;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Grades a program by the tests of its problem, in the sandbox. What is not the program's fault (no interpreter, no tests that can be read, a sandbox that broke,
 * more tests than the time allows, a module that the tests import and this machine lacks) is an error of the infrastructure.
 */
public final class CodeGrader implements Grader {
    private static final Pattern LACKS = Pattern.compile("ModuleNotFoundError: No module named '([\\w.]+)'");

    private final CodeVerifier verifier;

    public CodeGrader(CodeVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    public Graded grade(Question question, Response response) {
        Optional<Graded> unanswered = Unanswered.of(response);
        if (unanswered.isPresent()) {
            return unanswered.get();
        }
        @Nullable String reference = question.prompt().reference();
        Finding finding;
        try {
            finding = verifier.check(reference, response.answer());
        } catch (SandboxException e) {
            return new Graded(response, Grade.INFRA_ERROR, null, "sandbox: " + e.getMessage());
        }
        Optional<String> module = lacking(finding, reference);
        if (module.isPresent()) {
            return new Graded(
                    response,
                    Grade.INFRA_ERROR,
                    null,
                    "the tests import " + module.get() + ", which the sandbox's interpreter has not");
        }
        String code = CodeBlock.last(response.answer()).map(CodeBlock::source).orElse(null);
        return new Graded(
                response,
                grade(finding.reason()),
                code,
                finding.verdict(CodeVerifier.NAME).reason());
    }

    private static Grade grade(Reason reason) {
        return switch (reason) {
            case PASSED -> Grade.RIGHT;
            case WRONG_ANSWER, TIME_LIMIT, MEMORY_LIMIT, OUTPUT_LIMIT, RUNTIME_ERROR, COMPILE_ERROR -> Grade.WRONG;
            case NO_CODE -> Grade.NO_ANSWER;
            case NO_TESTS, NO_TOOLCHAIN, DEADLINE -> Grade.INFRA_ERROR;
        };
    }

    /** A module that the tests themselves ask for in vain. */
    private static Optional<String> lacking(Finding finding, @Nullable String reference) {
        Matcher lacks = LACKS.matcher(finding.detail());
        return reference != null && lacks.find() && reference.contains("import " + lacks.group(1))
                ? Optional.of(lacks.group(1))
                : Optional.empty();
    }

    /** None: that two programs do the same cannot be seen. */
    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        return List.of();
    }
}
