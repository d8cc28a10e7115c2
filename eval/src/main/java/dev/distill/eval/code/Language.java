package dev.distill.eval.code;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The languages whose programs are run. */
public enum Language {
    PYTHON("python", "python3", "py", "py3"),
    JAVA("java"),
    CPP("cpp", "c++", "cc", "cxx", "cplusplus");

    private final List<String> words;

    Language(String... words) {
        this.words = List.of(words);
    }

    /** As references and fenced blocks name it. */
    public static Optional<Language> of(String word) {
        String lower = word.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(language -> language.words.contains(lower))
                .findFirst();
    }

    /** The first of its names. */
    public String word() {
        return words.getFirst();
    }
}
