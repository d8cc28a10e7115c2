package dev.distill.teacher.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link EmbeddedTeacher} behaves.
 *
 * @param seed decides all its texts and faults
 * @param firstSeed the {@code seed} parameter of a request for a prompt's sample 0; sample n has this plus n
 * @param port where it listens on loopback; 0 takes any free one
 * @param key what a client must send as bearer token; null lets everybody in
 * @param rates how often it fails, and how
 * @param heldOut questions of the held-out test, that it sometimes drifts to; it reads nothing else from them
 * @param chunkDelay pause between two pieces of a streamed reply; zero for full speed
 * @param log the file to which it appends what it served
 */
public record TeacherConfig(
        long seed,
        long firstSeed,
        int port,
        @Nullable String key,
        FaultRates rates,
        List<String> heldOut,
        Duration chunkDelay,
        Path log) {

    public TeacherConfig {
        heldOut = List.copyOf(heldOut);
        Objects.requireNonNull(log, "log");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("embedded teacher: port must be from 0 to 65535; got " + port);
        }
        if (chunkDelay.isNegative()) {
            throw new IllegalArgumentException("embedded teacher: the delay must not be negative; got " + chunkDelay);
        }
    }

    /** The demo's teacher: any free port, no key, the default faults, no delay. */
    public static TeacherConfig of(long seed, Path log) {
        return new TeacherConfig(seed, 0, 0, null, FaultRates.defaults(), List.of(), Duration.ZERO, log);
    }

    public TeacherConfig withFirstSeed(long first) {
        return new TeacherConfig(seed, first, port, key, rates, heldOut, chunkDelay, log);
    }

    public TeacherConfig withPort(int newPort) {
        return new TeacherConfig(seed, firstSeed, newPort, key, rates, heldOut, chunkDelay, log);
    }

    public TeacherConfig withKey(String newKey) {
        return new TeacherConfig(seed, firstSeed, port, newKey, rates, heldOut, chunkDelay, log);
    }

    public TeacherConfig withRates(FaultRates newRates) {
        return new TeacherConfig(seed, firstSeed, port, key, newRates, heldOut, chunkDelay, log);
    }

    public TeacherConfig withHeldOut(List<String> questions) {
        return new TeacherConfig(seed, firstSeed, port, key, rates, questions, chunkDelay, log);
    }

    public TeacherConfig withChunkDelay(Duration delay) {
        return new TeacherConfig(seed, firstSeed, port, key, rates, heldOut, delay, log);
    }

    /** The record's own text would show the key. */
    @Override
    public String toString() {
        return "TeacherConfig[seed=" + seed + ", firstSeed=" + firstSeed + ", port=" + port + ", key="
                + (key == null ? "none" : "***") + ", rates=" + rates + ", heldOut=" + heldOut.size()
                + " questions, chunkDelay=" + chunkDelay + ", log=" + log + "]";
    }
}
