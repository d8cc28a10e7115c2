package dev.distill.eval.grade;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Instructions about an answer's form: paragraphs, lists, marks, beginning and end. */
final class ShapeChecks {
    private static final Pattern DIVIDER = Pattern.compile("\\s?\\*\\*\\*\\s?", Arguments.PYTHON);
    private static final Pattern PLACEHOLDER = Pattern.compile("\\[.*?]", Arguments.PYTHON);
    private static final Pattern STAR_BULLET = Pattern.compile("^\\s*\\*[^*].*$", Arguments.PYTHON | Pattern.MULTILINE);
    private static final Pattern DASH_BULLET = Pattern.compile("^\\s*-.*$", Arguments.PYTHON | Pattern.MULTILINE);
    private static final Pattern HIGHLIGHT = Pattern.compile("\\*[^\\n*]*\\*");
    private static final Pattern DOUBLE_HIGHLIGHT = Pattern.compile("\\*\\*[^\\n*]*\\*\\*");
    private static final Pattern TITLE = Pattern.compile("<<[^\\n]+>>");
    private static final Pattern FENCE = Pattern.compile("^(?:```(?:json|Json|JSON)?)?(.*?)(?:```)?$", Pattern.DOTALL);
    private static final List<String> CONSTRAINED =
            List.of("My answer is yes.", "My answer is no.", "My answer is maybe.");
    private static final JsonMapper JSON_READER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private ShapeChecks() {}

    /** Between dividers of three asterisks; none may be empty but before the first divider and behind the last. */
    static boolean paragraphs(Arguments arguments, String text) {
        String[] parts = DIVIDER.split(text, -1);
        int count = parts.length;
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].isBlank()) {
                if (i > 0 && i < parts.length - 1) {
                    return false;
                }
                count--;
            }
        }
        return count == arguments.whole("num_paragraphs");
    }

    static boolean firstWord(Arguments arguments, String text) {
        String[] paragraphs = text.split("\n\n", -1);
        int count =
                (int) Arrays.stream(paragraphs).filter(one -> !one.isBlank()).count();
        int nth = arguments.whole("nth_paragraph");
        if (nth < 1 || nth > count || paragraphs[nth - 1].isBlank()) {
            return false;
        }
        String word = paragraphs[nth - 1]
                .strip()
                .split("\\s+")[0]
                .replaceFirst("^'+", "")
                .replaceFirst("^\"+", "");
        String bare = word.split("[.,?!'\"]", 2)[0].toLowerCase(Locale.ROOT);
        return count == arguments.whole("num_paragraphs")
                && bare.equals(arguments.text("first_word").toLowerCase(Locale.ROOT));
    }

    static boolean placeholders(Arguments arguments, String text) {
        return Arguments.count(PLACEHOLDER, text) >= arguments.whole("num_placeholders");
    }

    static boolean postscript(Arguments arguments, String text) {
        String marker = arguments.text("postscript_marker").strip();
        String pattern = switch (marker) {
            case "P.P.S" -> "p\\.\\s?p\\.\\s?s";
            case "P.S." -> "p\\.\\s?s\\.";
            default -> Pattern.quote(marker.toLowerCase(Locale.ROOT));
        };
        return Pattern.compile(pattern, Arguments.PYTHON)
                .matcher(text.toLowerCase(Locale.ROOT))
                .find();
    }

    static boolean bullets(Arguments arguments, String text) {
        int found = Arguments.count(STAR_BULLET, text) + Arguments.count(DASH_BULLET, text);
        return found == arguments.whole("num_bullets");
    }

    static boolean constrained(String text) {
        return CONSTRAINED.stream().anyMatch(text::contains);
    }

    /** Between single asterisks or double ones, with something between them. */
    static boolean highlights(Arguments arguments, String text) {
        int found = 0;
        for (Pattern pattern : List.of(HIGHLIGHT, DOUBLE_HIGHLIGHT)) {
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                found += matcher.group().replace("*", "").isBlank() ? 0 : 1;
            }
        }
        return found >= arguments.whole("num_highlights");
    }

    static boolean sections(Arguments arguments, String text) {
        String splitter = Pattern.quote(arguments.text("section_spliter").strip());
        Pattern section = Pattern.compile("\\s?" + splitter + "\\s?\\d+\\s?", Arguments.PYTHON);
        return Arguments.count(section, text) >= arguments.whole("num_sections");
    }

    static boolean json(String text) {
        Matcher fenced = FENCE.matcher(text.strip());
        String inner = fenced.matches() ? fenced.group(1).strip() : "";
        try {
            return !inner.isEmpty() && !JSON_READER.readTree(inner).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    static boolean title(String text) {
        Matcher matcher = TITLE.matcher(text);
        while (matcher.find()) {
            if (!matcher.group().replaceAll("^<+|>+$", "").isBlank()) {
                return true;
            }
        }
        return false;
    }

    static boolean twoResponses(String text) {
        String[] parts = text.split("\\*{6}", -1);
        List<String> responses = new ArrayList<>();
        for (int i = 0; i < parts.length; i++) {
            if (!parts[i].isBlank()) {
                responses.add(parts[i].strip());
            } else if (i > 0 && i < parts.length - 1) {
                return false;
            }
        }
        return responses.size() == 2 && !responses.get(0).equals(responses.get(1));
    }

    static boolean repeats(Arguments arguments, String text) {
        String wanted = arguments.text("prompt_to_repeat").strip().toLowerCase(Locale.ROOT);
        return text.strip().toLowerCase(Locale.ROOT).startsWith(wanted);
    }

    static boolean ends(Arguments arguments, String text) {
        String bare = text.strip().replaceAll("^\"+|\"+$", "").toLowerCase(Locale.ROOT);
        return bare.endsWith(arguments.text("end_phrase").strip().toLowerCase(Locale.ROOT));
    }

    static boolean quoted(String text) {
        String bare = text.strip();
        return bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"");
    }
}
