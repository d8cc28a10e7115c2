package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** docs/cli.md names every command and option that there is, and no other. */
class CliReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "cli.md");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(--[a-z][a-z-]*|-[a-zA-Z](?![\\w-]))");

    /** By the words in backticks of its heading. */
    private final Map<String, String> sections = new LinkedHashMap<>();

    private String everywhere = "";

    @BeforeEach
    void read() throws IOException {
        for (String section : Files.readString(REFERENCE).split("(?m)^## ")) {
            String heading = section.lines().findFirst().orElse("");
            if (heading.equals("Everywhere")) {
                everywhere = section;
            }
            Pattern.compile("`([a-z]+)`")
                    .matcher(heading)
                    .results()
                    .forEach(command -> sections.put(command.group(1), section));
        }
    }

    @Test
    void everyCommandHasItsSection() {
        assertThat(sections.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Main.commandLine().getSubcommands().keySet());
    }

    @Test
    void everyOptionIsDescribedInItsCommandsSection() {
        Main.commandLine().getSubcommands().forEach((name, command) -> {
            Set<String> described = words(everywhere + sections.get(name));
            for (OptionSpec option : options(command)) {
                assertThat(described).as("%s of %s", option.longestName(), name).contains(option.names());
            }
        });
    }

    @Test
    void noOptionIsDescribedThatIsNotThere() {
        sections.values().stream().distinct().forEach(section -> {
            Set<String> there = new TreeSet<>();
            Main.commandLine().getSubcommands().forEach((name, command) -> {
                if (section.equals(sections.get(name))) {
                    options(command).forEach(option -> there.addAll(Arrays.asList(option.names())));
                }
            });
            assertThat(there).containsAll(words(section));
        });
    }

    /** Those of a group's commands too: a group has one section. */
    private static List<OptionSpec> options(CommandLine command) {
        List<OptionSpec> shown = new ArrayList<>(command.getCommandSpec().options());
        command.getSubcommands().values().forEach(part -> shown.addAll(options(part)));
        shown.removeIf(OptionSpec::hidden);
        return shown;
    }

    private static Set<String> words(String text) {
        return new TreeSet<>(
                OPTION.matcher(text).results().map(MatchResult::group).toList());
    }
}
