package dev.distill.cli;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.cpu.ComputeChoice;
import dev.distill.train.Computing;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What is computed in, and by how many. */
final class ComputeOptions {
    /** As it stands on the command line, in lower case. */
    enum Word {
        FLOAT,
        BFLOAT16,
        INT8,
        AUTO;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int MOST_A_PROCESSOR = 4;

    @Option(
            names = "--compute",
            paramLabel = "TYPE",
            description =
                    "What large products multiply: float, bfloat16, int8 (Q4_0 of a GGUF file stays four bits), or auto"
                            + " for the faster of float and bfloat16 on this machine (${DEFAULT-VALUE}).")
    private Word word;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Threads that compute; 0 for one for each processor (${DEFAULT-VALUE}).")
    int threads;

    /** @param word where the option is not given */
    ComputeOptions(Word word) {
        this.word = word;
    }

    void check(Problems problems) {
        int most = MOST_A_PROCESSOR * Runtime.getRuntime().availableProcessors();
        if (threads < 0 || threads > most) {
            problems.add("--threads must be from 0 to " + most + ", " + MOST_A_PROCESSOR + " for each processor; got "
                    + threads);
        }
    }

    /** The choice; {@code auto} looks at what the machine was found to be fast at, and measures it the first time. */
    Computing computing(Console console) {
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        return switch (word) {
            case FLOAT -> Computing.of(Compute.FLOAT, count);
            case BFLOAT16 -> Computing.of(Compute.BFLOAT16, count);
            case INT8 -> Computing.of(Compute.INT8, count);
            case AUTO -> {
                ComputeChoice choice = Computing.fastest(count);
                console.detail("compute " + Computing.name(choice.type()) + ": " + choice.why());
                yield Computing.of(choice.type(), count);
            }
        };
    }
}
