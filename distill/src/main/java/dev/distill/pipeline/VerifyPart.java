package dev.distill.pipeline;

import dev.distill.eval.code.CodeVerifier;
import dev.distill.eval.sandbox.Limits;
import dev.distill.eval.sandbox.Sandbox;
import dev.distill.eval.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * {@code verify:} whether programs in answers are run, and what they may use; whether a model judges other answers.
 *
 * @param sandbox what keeps programs in; with none, no program is run
 * @param judge the model; empty for none
 */
public record VerifyPart(Walls sandbox, CodeVerifier.Settings settings, Optional<JudgePart> judge) {
    /** What keeps programs in. */
    public enum Walls {
        NONE,
        BUBBLEWRAP
    }

    private static final long MIB = 1L << 20;

    /** Whether there is anything to do. */
    boolean isOn() {
        return runsPrograms() || judge.isPresent();
    }

    boolean runsPrograms() {
        return sandbox != Walls.NONE;
    }

    /** A sandbox is made and given up again: better now than after the harvest. */
    List<String> sandboxProblems() {
        try {
            Sandbox.open().close();
            return List.of();
        } catch (SandboxException e) {
            return List.of("verify.sandbox: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static VerifyPart read(Section section) {
        Limits standard = Limits.STANDARD;
        Walls sandbox = section.choice("sandbox", Walls.class, Walls.NONE);
        double seconds = section.real("time-s", standard.cpu().toSeconds(), 0.1, 3600);
        Limits limits = new Limits(
                        standard.cpu(),
                        standard.wall(),
                        MIB * section.whole("memory-mib", standard.memoryBytes() / MIB, 32, 1 << 20),
                        section.whole("processes", standard.processes(), 1, 10_000),
                        MIB * section.whole("output-mib", standard.outputBytes() / MIB, 1, 1024),
                        MIB * section.whole("disk-mib", standard.diskBytes() / MIB, 1, 1 << 20),
                        section.whole("files", standard.files(), 16, 1 << 20))
                .withTime(Duration.ofMillis(Math.round(1000 * seconds)));
        Duration deadline = Duration.ofSeconds(section.whole(
                "deadline-s", CodeVerifier.Settings.STANDARD.deadline().toSeconds(), 1, 86_400));
        boolean judged = section.has("judge");
        Section judge = section.section("judge");
        section.done();
        return new VerifyPart(
                sandbox,
                new CodeVerifier.Settings(limits, deadline),
                judged ? Optional.of(JudgePart.read(judge)) : Optional.empty());
    }
}
