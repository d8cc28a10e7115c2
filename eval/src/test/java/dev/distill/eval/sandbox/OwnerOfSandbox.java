package dev.distill.eval.sandbox;

import java.io.IOException;

/** A process that runs a program which does not end, for {@link DiesWithItsOwnerTest}. */
final class OwnerOfSandbox {
    private OwnerOfSandbox() {}

    public static void main(String[] args) throws IOException {
        try (Sandbox sandbox = Sandbox.open()) {
            sandbox.run(Sandboxes.python("import time; time.sleep(1000)", Limits.STANDARD, args[0]));
        }
    }
}
