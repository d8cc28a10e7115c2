package dev.distill.eval.grade;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** A text without what does not matter: case, white space, quotes and brackets around it, a full stop behind it, LaTeX's {@code \text}. */
final class NormalForm {
    private static final Pattern TEXT = Pattern.compile("\\\\(?:text|textbf|mathrm|mbox)\\s*\\{([^{}]*)}");
    private static final Pattern SPACES = Pattern.compile("[\\s\\u00a0]+");
    private static final Pattern AROUND = Pattern.compile("^[\\s\"'“”‘’`*$]+|[\\s\"'“”‘’`*$.]+$");

    private NormalForm() {}

    static String of(String text) {
        String words =
                TEXT.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).replaceAll("$1");
        return SPACES.matcher(AROUND.matcher(words).replaceAll(""))
                .replaceAll(" ")
                .toLowerCase(Locale.ROOT);
    }
}
