package dev.distill.cli;

import dev.distill.data.journal.JournalException;
import dev.distill.eval.sandbox.SandboxException;
import dev.distill.pipeline.HarvestStage;
import dev.distill.student.tensor.LargeMemory;
import dev.distill.train.BadStepException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The one place where an exception becomes a message and an exit code: {@link ExitCode#of}. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** A command line that cannot be read. */
    @Override
    public int handleParseException(ParameterException problem, String[] args) {
        return tell(problem.getCommandLine(), List.of(problem));
    }

    /** What is wrong with a command line, all of it; what was perhaps meant, and where to read more. */
    int tell(CommandLine command, List<? extends Exception> problems) {
        PrintWriter err = command.getErr();
        List<String> said = problems.stream()
                .map(problem -> String.valueOf(problem.getMessage())
                        .replaceFirst("^Error: ", "")
                        .replace("option option", "option"))
                .distinct() // picocli tells twice which options are missing
                .toList();
        if (said.size() == 1) {
            err.println("distill: " + said.getFirst());
        } else {
            err.println("distill: " + said.size() + " problems");
            said.forEach(problem -> err.println("  " + problem));
        }
        problems.forEach(problem -> {
            if (problem instanceof ParameterException words) {
                UnmatchedArgumentException.printSuggestions(words, err);
            }
        });
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return ExitCode.WRONG_INPUT;
    }

    /** A command that stopped: one clear message, and the stack trace for those who ask with {@code -v}. */
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof ParameterException problem) {
            return handleParseException(problem, new String[0]);
        }
        return report(failure, command, isVerbose(parsed));
    }

    static int report(Throwable failure, CommandLine command, boolean verbose) {
        Throwable reason = failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null
                ? unchecked.getCause()
                : failure;
        PrintWriter err = command.getErr();
        err.println("distill: " + message(reason));
        if (verbose) {
            reason.printStackTrace(err);
        } else if (ExitCode.of(reason) == ExitCode.FAILED && !isExpected(reason)) {
            err.println("The same command with -v shows where.");
        }
        err.flush();
        return ExitCode.of(reason);
    }

    /** What needs no stack trace to be understood. */
    private static boolean isExpected(Throwable reason) {
        return reason instanceof IOException
                || reason instanceof JournalException
                || reason instanceof SandboxException
                || reason instanceof BadStepException
                || reason instanceof HarvestStage.UnfinishedException;
    }

    private static String message(Throwable reason) {
        String said = reason.getMessage();
        return switch (reason) {
            case NoSuchFileException file -> said + ": there is no such file";
            case NotDirectoryException file -> said + ": is no folder";
            case FileAlreadyExistsException file -> said + ": exists already; move it away, or name another";
            case AccessDeniedException file -> said + ": may not be read or written by this user";
            case OutOfMemoryError memory
            when said != null && said.startsWith(LargeMemory.NO_ROOM) ->
                "not enough memory (" + said + "); train an adapter, on shorter rows, or a smaller model. Checkpoints"
                        + " stay: the same command goes on from the newest";
            case OutOfMemoryError memory ->
                "not enough memory (" + said
                        + "); give the heap more with DISTILL_JAVA_OPTS=-Xmx16g, or do less at a time";
            case IOException full
            when said != null && said.contains("No space left on device") ->
                "the disk is full (" + said
                        + "); what was saved stays: make room there, and give the same command again";
            default -> said == null || said.isBlank() ? reason.toString() : said;
        };
    }

    private static boolean isVerbose(ParseResult parsed) {
        ParseResult command = parsed;
        while (command.hasSubcommand()) {
            command = command.subcommand();
        }
        return command.hasMatchedOption("-v");
    }
}
