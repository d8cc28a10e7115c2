package dev.distill.pipeline;

import dev.distill.hub.DataSource;
import dev.distill.hub.ModelSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a recipe, read key by key. Each reader notes the value with its origin, and a value that breaks a rule
 * as a problem that names the key, the rule, the value and what to write instead; reading goes on with the default, so
 * that all problems come out at once.
 */
final class Section {
    private final SectionValues values;
    private final Path base;

    /** @param base the recipe's folder, from which the paths in it are seen */
    Section(SectionValues values, Path base) {
        this.values = values;
        this.base = base;
    }

    /** The mapping under this key; whether it is there tells {@link #has}. */
    Section section(String key) {
        return new Section(values.section(key), base);
    }

    /** Whether the file or an option says anything about this key. */
    boolean has(String key) {
        return values.has(key);
    }

    String text(String key, String fallback) {
        String found = values.text(key);
        values.note(key, found, fallback);
        return found == null ? fallback : found;
    }

    @Nullable
    String text(String key) {
        String found = values.text(key);
        if (found != null) {
            values.note(key, found, found);
        }
        return found;
    }

    /** A value that must be there. */
    String required(String key, String meaning) {
        String found = values.text(key);
        if (found == null || found.isBlank()) {
            values.problem(key, "is missing; give " + meaning);
            return "";
        }
        values.note(key, found, found);
        return found;
    }

    int whole(String key, int fallback, int least, int most) {
        return (int) whole(key, (long) fallback, least, most);
    }

    long whole(String key, long fallback, long least, long most) {
        String found = values.text(key);
        long value = fallback;
        if (found != null) {
            try {
                value = Long.parseLong(found.replace("_", ""));
            } catch (NumberFormatException e) {
                wrong(key, "a whole number from " + least + " to " + most, found);
            }
            if (value < least || value > most) {
                wrong(key, "a whole number from " + least + " to " + most, found);
                value = fallback;
            }
        }
        values.note(key, found, Long.toString(fallback));
        return value;
    }

    double real(String key, double fallback, double least, double most) {
        String found = values.text(key);
        double value = fallback;
        if (found != null) {
            try {
                value = Double.parseDouble(found);
            } catch (NumberFormatException e) {
                value = Double.NaN;
            }
            if (!(value >= least && value <= most)) {
                wrong(key, "a number from " + least + " to " + most, found);
                value = fallback;
            }
        }
        values.note(key, found, Double.toString(fallback));
        return value;
    }

    boolean flag(String key, boolean fallback) {
        String found = values.text(key);
        boolean value = fallback;
        if (found != null) {
            switch (found) {
                case "true" -> value = true;
                case "false" -> value = false;
                default -> wrong(key, "true or false", found);
            }
        }
        values.note(key, found, Boolean.toString(fallback));
        return value;
    }

    <E extends Enum<E>> E choice(String key, Class<E> type, E fallback) {
        String found = values.text(key);
        values.note(key, found, word(fallback));
        if (found == null) {
            return fallback;
        }
        List<String> words = new ArrayList<>();
        for (E member : type.getEnumConstants()) {
            words.add(word(member));
            if (word(member).equals(found)) {
                return member;
            }
        }
        wrong(key, "one of " + String.join(", ", words), found);
        return fallback;
    }

    /** A list of words, written as a YAML list or with commas. */
    List<String> words(String key, List<String> fallback) {
        List<String> found = values.words(key);
        values.note(key, found, fallback);
        return found == null ? fallback : found;
    }

    /** A path: in the file seen from the recipe's folder, in an option from where the command was given. */
    @Nullable
    Path path(String key) {
        String found = text(key);
        return found == null ? null : path(key, found);
    }

    /** A model: a path, as {@link #path(String)} has it, if something is there, or else a hub id. */
    @Nullable
    ModelSource model(String key) {
        String found = text(key);
        return found == null ? null : ModelSource.of(found, path(key, found));
    }

    /** Files of data, or data sets of the hub; none where the key is missing. */
    List<DataSource> data(String key) {
        return words(key, List.of()).stream()
                .map(text -> DataSource.of(text, path(key, text)))
                .toList();
    }

    /** Paths, as {@link #path(String)} has them; none where the key is missing. */
    List<Path> paths(String key) {
        return words(key, List.of()).stream().map(text -> path(key, text)).toList();
    }

    /** The same for a text that was read otherwise. */
    Path path(String key, String text) {
        Path from = values.isOption(key) ? Path.of("") : base;
        return from.resolve(text).normalize();
    }

    /** All keys with their values in JSON, where the keys are not ours; a value that is no JSON is a text, without quotes. */
    SortedMap<String, String> fields() {
        return values.fields();
    }

    /** A problem with this key that only its reader knows. */
    void problem(String key, String message) {
        values.problem(key, message);
    }

    /** Every key has been read: one that is left over is a mistake, perhaps of typing. */
    void done() {
        values.done();
    }

    private void wrong(String key, String rule, String found) {
        values.problem(key, "must be " + rule + "; got " + found);
    }

    private static String word(Enum<?> member) {
        return member.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
