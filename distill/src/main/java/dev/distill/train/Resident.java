package dev.distill.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Memory of a process that is in use, by the kernel's account: mapped files count as far as they lie in memory.
 *
 * @param nowMib resident, in MiB; 0 where the system does not say
 * @param peakMib the most that was, likewise
 */
public record Resident(long nowMib, long peakMib) {
    /** Not known. */
    public static final Resident UNKNOWN = new Resident(0, 0);

    private static final Path STATUS = Path.of("/proc/self/status");

    /** Of this process. */
    public static Resident ofThisProcess() {
        try {
            return of(Files.readAllLines(STATUS));
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** @param status lines such as {@code VmHWM:	  123456 kB} */
    static Resident of(List<String> status) {
        return new Resident(mib(status, "VmRSS:"), mib(status, "VmHWM:"));
    }

    private static long mib(List<String> status, String key) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
