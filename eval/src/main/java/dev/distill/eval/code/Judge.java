package dev.distill.eval.code;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.sandbox.Limits;
import dev.distill.eval.sandbox.Ran;
import dev.distill.eval.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Runs a program on one test after the other. What is expected never enters the sandbox, but for statements, of which it is a part. */
final class Judge {
    private static final Pattern NO_MEMORY = Pattern.compile("MemoryError|std::bad_alloc|java.lang.OutOfMemoryError");
    private static final Pattern NO_PYTHON = Pattern.compile("(?:SyntaxError|IndentationError|TabError)\\b.*");
    private static final int SIGNAL = 128;
    private static final int TAIL = 4000;

    private final Sandbox sandbox;
    private final Outputs outputs;

    Judge(Sandbox sandbox, Outputs outputs) {
        this.sandbox = sandbox;
        this.outputs = outputs;
    }

    /**
     * What one test came to.
     *
     * @param cpu what the program took of a processor; zero where it does not matter
     */
    record Result(Reason reason, String detail, Duration cpu) {
        static final Result PASSED = new Result(Reason.PASSED, "");

        Result(Reason reason, String detail) {
            this(reason, detail, Duration.ZERO);
        }

        static Result of(Optional<String> difference) {
            return difference.map(text -> new Result(Reason.WRONG_ANSWER, text)).orElse(PASSED);
        }
    }

    Result judge(Program program, CodeTest test, Limits limits) {
        return switch (test) {
            case CodeTest.Stdin pair -> stdin(program, pair, limits);
            case CodeTest.Call call -> {
                ObjectNode asked = CodeProblem.JSON.createObjectNode().put("function", call.function());
                call.arguments().forEach(asked.putArray("arguments")::add);
                yield asked(program, asked, limits, result -> outputs.difference(call.value(), result));
            }
            case CodeTest.Statements statements -> {
                ObjectNode asked = CodeProblem.JSON.createObjectNode().put("statements", statements.code());
                yield asked(
                        program,
                        asked,
                        limits,
                        result -> result.isTextual() ? Optional.of(result.asText()) : Optional.empty());
            }
        };
    }

    private Result stdin(Program program, CodeTest.Stdin pair, Limits limits) {
        Ran ran = sandbox.run(program.job(pair.input().getBytes(StandardCharsets.UTF_8), limits));
        return ran.well() ? Result.of(outputs.difference(pair.output(), ran.out())) : failed(program, ran, limits);
    }

    private interface Comparison {
        Optional<String> difference(JsonNode result);
    }

    /** Asks the harness, whose reply counts only with the word that the answer was not told. */
    private Result asked(Program program, ObjectNode asked, Limits limits, Comparison comparison) {
        String word = UUID.randomUUID().toString();
        String line = asked.put("word", word) + "\n";
        Ran ran = sandbox.run(program.job(line.getBytes(StandardCharsets.UTF_8), limits));
        if (!ran.well()) {
            return failed(program, ran, limits);
        }
        try {
            JsonNode reply = CodeProblem.JSON.readTree(ran.out());
            if (reply.path("word").asText().equals(word)) {
                return Result.of(comparison.difference(reply.path("result")));
            }
        } catch (JsonProcessingException e) {
            return new Result(Reason.WRONG_ANSWER, "what it returns cannot be read: " + e.getOriginalMessage());
        }
        return new Result(Reason.RUNTIME_ERROR, "it ended before the test did");
    }

    private static Result failed(Program program, Ran ran, Limits limits) {
        String err = ran.err();
        String tail = err.substring(Math.max(0, err.length() - TAIL));
        return switch (ran.ended()) {
            case TIME_LIMIT ->
                new Result(Reason.TIME_LIMIT, seconds(limits), ran.used().cpu());
            case MEMORY_LIMIT -> new Result(Reason.MEMORY_LIMIT, (limits.memoryBytes() >> 20) + " MiB");
            case OUTPUT_LIMIT -> new Result(Reason.OUTPUT_LIMIT, (limits.outputBytes() >> 10) + " KiB");
            case ITSELF -> {
                String last = lastLine(tail);
                if (NO_MEMORY.matcher(tail).find()) {
                    yield new Result(Reason.MEMORY_LIMIT, last);
                }
                boolean noPython = program.language() == Language.PYTHON
                        && NO_PYTHON.matcher(last).matches();
                yield new Result(
                        noPython ? Reason.COMPILE_ERROR : Reason.RUNTIME_ERROR, exit(ran.exitCode()) + ": " + last);
            }
        };
    }

    /** The limits of time, written alike on every machine. */
    static String seconds(Limits limits) {
        return String.format(
                Locale.ROOT,
                "%.1f s of processor time, or %.1f s in all",
                limits.cpu().toMillis() / 1e3,
                limits.wall().toMillis() / 1e3);
    }

    private static String exit(int code) {
        return code > SIGNAL ? "signal " + (code - SIGNAL) : "exit code " + code;
    }

    private static String lastLine(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "" : lines.getLast();
    }
}
