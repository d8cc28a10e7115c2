package dev.distill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.distill.data.intake.IntakeException;
import dev.distill.data.journal.JournalException;
import dev.distill.data.shard.ShardException;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.tokenize.TokenizerException;
import dev.distill.eval.suite.SuiteException;
import dev.distill.export.ParityGate;
import dev.distill.hub.HubException;
import dev.distill.pipeline.HarvestStage;
import dev.distill.pipeline.RecipeException;
import dev.distill.student.ops.ComputeUnavailableException;
import dev.distill.student.weights.WeightsException;
import dev.distill.teacher.harvest.Ending;
import dev.distill.train.CheckpointException;
import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import picocli.CommandLine.ParameterException;

/** What the process ends with; scripts rely on it. */
final class ExitCode {
    static final int DONE = 0;
    /** The run failed; the message says what is saved and how to go on. */
    static final int FAILED = 1;
    /** The command line, a recipe or an input is wrong; all problems are listed. */
    static final int WRONG_INPUT = 2;
    /** A budget, of money or of room on the disk, stopped the run, cleanly; the same words go on. */
    static final int BUDGET = 3;
    /** A gate refused: parity, quality, contamination. */
    static final int GATE = 4;
    /** Ctrl-C: 128 and the signal's number, as shells have it. */
    static final int INTERRUPTED = 130;
    /** Asked to end by another process, likewise. */
    static final int TERMINATED = 143;

    private ExitCode() {}

    /** The code for what stopped a command. */
    static int of(Throwable failure) {
        return switch (failure) {
            case ParityGate.DriftException drift -> GATE;
            case CheckpointException disk -> BUDGET;
            case HubException hub -> hub.isWrongInput() ? WRONG_INPUT : FAILED;
            case HarvestStage.UnfinishedException harvest ->
                harvest.ending() instanceof Ending.BudgetReached ? BUDGET : FAILED;
            case JournalException journal -> journal.kind() == JournalException.Kind.FORMAT ? WRONG_INPUT : FAILED;
            case TokenizerException tokenizer ->
                tokenizer.fault() == TokenizerException.Fault.NATIVE_CODE ? FAILED : WRONG_INPUT;
            case ShardException shard -> shard.fault() == ShardException.Fault.MACHINE ? FAILED : WRONG_INPUT;
            default -> isWrongInput(failure) ? WRONG_INPUT : FAILED;
        };
    }

    private static boolean isWrongInput(Throwable failure) {
        return switch (failure) {
            case ParameterException words -> true;
            case RecipeException recipe -> true;
            case IntakeException prompts -> true;
            case SuiteException task -> true;
            case WeightsException weights -> true;
            case ComputeUnavailableException compute -> true;
            case RenderException template -> true;
            case TemplateException template -> true;
            case JsonProcessingException json -> true;
            case NoSuchFileException file -> true;
            case NotDirectoryException file -> true;
            case FileAlreadyExistsException file -> true;
            case AccessDeniedException file -> true;
            case FileNotFoundException file -> true;
            case FileSystemException file -> "Read-only file system".equals(file.getReason());
            case IllegalArgumentException value -> true;
            default -> false;
        };
    }
}
