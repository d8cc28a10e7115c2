package dev.distill.pipeline;

import dev.distill.teacher.Sampling;
import dev.distill.teacher.dialect.Asked;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.dialect.DialectFacts;
import dev.distill.teacher.dialect.DialectGuess;
import dev.distill.teacher.dialect.DialectTable;
import dev.distill.teacher.dialect.Effort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code teacher.dialect}, {@code thinking}, {@code effort}, {@code logprobs} and {@code stream}: how a provider is asked.
 *
 * @param dialect what it speaks; the first guess where it is to be found out
 * @param probes whether it is to be found out
 */
record DialectPart(Dialect dialect, boolean probes) {
    private static final String AUTO = "auto";

    /** What recipes call DeepSeek's of 2025. */
    private static final String DEEPSEEK = "deepseek";

    static DialectPart read(Section section, URI url, Sampling sampling) {
        String name = section.text("dialect", DialectTable.STANDARD);
        String effort = section.text("effort");
        Asked asked = new Asked(
                section.choice("thinking", Asked.Switch.class, Asked.Switch.AUTO),
                effort == null ? Optional.empty() : Optional.of(Effort.of(effort)),
                section.whole("logprobs", 0, 0, 1024),
                section.flag("stream", true));
        boolean probes = name.equals(AUTO);
        Dialect dialect = probes ? DialectGuess.of(url, asked).dialect() : new Dialect(facts(section, name), asked);
        for (String problem : dialect.problems(sampling)) {
            int colon = problem.indexOf(": ");
            section.problem(problem.substring("teacher.".length(), colon), problem.substring(colon + 2));
        }
        return new DialectPart(dialect, probes);
    }

    private static DialectFacts facts(Section section, String name) {
        DialectTable table = DialectTable.builtIn();
        DialectFacts standard = table.named(DialectTable.STANDARD);
        if (name.matches(".*\\.(ya?ml|json)")) {
            DialectFacts own = own(section);
            return own == null ? standard : own;
        }
        Optional<DialectFacts> found = table.find(name.equals(DEEPSEEK) ? "deepseek-r1" : name);
        if (found.isEmpty()) {
            section.problem(
                    "dialect",
                    "must be auto, a file (.yaml), deepseek, or one of "
                            + String.join(
                                    ", ",
                                    table.dialects().stream()
                                            .map(DialectFacts::name)
                                            .toList())
                            + "; got " + name);
        }
        return found.orElse(standard);
    }

    private static @Nullable DialectFacts own(Section section) {
        Path file = section.path("dialect");
        try {
            List<DialectFacts> dialects =
                    file == null ? List.of() : DialectTable.load(file).dialects();
            if (dialects.size() == 1) {
                return dialects.getFirst();
            }
            section.problem("dialect", file + " must hold one dialect; got " + dialects.size());
        } catch (IOException e) {
            section.problem("dialect", "cannot be read: " + e.getMessage());
        }
        return null;
    }
}
