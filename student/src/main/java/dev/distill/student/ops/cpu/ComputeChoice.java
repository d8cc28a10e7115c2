package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Compute;
import java.util.Locale;

/**
 * Which type products are computed in where the user leaves it to the machine.
 *
 * @param type FLOAT or BFLOAT16; INT8, which rounds more coarsely, is for those who ask for it
 * @param why one line for the user, with the rates that decided
 */
public record ComputeChoice(Compute type, String why) {
    /** The faster of FLOAT and BFLOAT16; of equals FLOAT. */
    public static ComputeChoice of(MatmulRates rates) {
        double single = rates.of(Compute.FLOAT).orElseThrow();
        double half = rates.of(Compute.BFLOAT16).orElse(0);
        if (half == 0) {
            return new ComputeChoice(Compute.FLOAT, "this machine has products of float alone");
        }
        String compared = String.format(Locale.ROOT, "float %.0f GFLOP/s, bfloat16 %.0f", single, half);
        Compute faster = half > single ? Compute.BFLOAT16 : Compute.FLOAT;
        return new ComputeChoice(faster, "the faster one here: " + compared);
    }
}
