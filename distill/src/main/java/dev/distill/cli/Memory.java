package dev.distill.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process holds, by the kernel's account. */
final class Memory {
    private Memory() {}

    /** The most that was resident at once, in MiB; 0 where the system does not say. */
    static long peakResidentMib() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }
}
