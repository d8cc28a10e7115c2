package dev.distill.eval.code;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a file of Java must be called, and what is started in it.
 *
 * @param type after which the file is called: the public one, or that with {@code main}
 * @param main the class with {@code main}, with its package
 */
record JavaSource(String type, String main) {
    /** Where a file declares no class, the compiler calls the class after the file. */
    private static final String UNNAMED = "Main";

    private static final Pattern PACKAGE = Pattern.compile("\\bpackage\\s+([\\w.]+)\\s*;");
    private static final Pattern TOKEN = Pattern.compile(
            "(?<brace>[{}])|\\b(?<public>public)\\b|\\b(?:class|interface|enum|record)\\s+(?<type>\\w+)|\\bvoid\\s+(?<main>main)\\s*\\(");

    static JavaSource of(String source) {
        String code = withoutText(source);
        int depth = 0;
        boolean isPublic = false;
        String current = null;
        String publicType = null;
        String mainType = null;
        Matcher token = TOKEN.matcher(code);
        while (token.find()) {
            if (token.group("brace") != null) {
                depth += token.group("brace").equals("{") ? 1 : -1;
                isPublic = false;
            } else if (token.group("public") != null) {
                isPublic = depth == 0;
            } else if (token.group("type") != null && depth == 0) {
                current = token.group("type");
                publicType = isPublic ? current : publicType;
            } else if (token.group("main") != null && depth == 1 && mainType == null) {
                mainType = current;
            }
        }
        String main = first(mainType, first(publicType, first(current, UNNAMED)));
        Matcher inPackage = PACKAGE.matcher(code);
        String prefix = inPackage.find() ? inPackage.group(1) + "." : "";
        return new JavaSource(first(publicType, main), prefix + main);
    }

    private static String first(@Nullable String name, String fallback) {
        return name == null ? fallback : name;
    }

    /** The same without comments and without what stands between quotes. */
    private static String withoutText(String source) {
        StringBuilder code = new StringBuilder();
        for (int at = 0; at < source.length(); ) {
            if (source.startsWith("//", at)) {
                at = after(source, "\n", at);
                code.append('\n');
            } else if (source.startsWith("/*", at)) {
                at = after(source, "*/", at + 2);
                code.append(' ');
            } else if (source.startsWith("\"\"\"", at)) {
                at = after(source, "\"\"\"", at + 3);
            } else if (source.charAt(at) == '"' || source.charAt(at) == '\'') {
                at = afterQuote(source, at);
            } else {
                code.append(source.charAt(at++));
            }
        }
        return code.toString();
    }

    private static int after(String source, String end, int from) {
        int found = source.indexOf(end, from);
        return found < 0 ? source.length() : found + end.length();
    }

    private static int afterQuote(String source, int from) {
        char quote = source.charAt(from);
        int at = from + 1;
        while (at < source.length() && source.charAt(at) != quote && source.charAt(at) != '\n') {
            at += source.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, source.length());
    }
}
