package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops text that people cannot read: broken characters, text decoded in the wrong encoding, escapes and tags, tokens of a
 * chat template, letters and signs at random, words and paragraphs of absurd length (DeepSeek-R1 dropped long paragraphs
 * too).
 *
 * @param maxBroken most replacement, control, private-use or unassigned characters, at least 0
 * @param maxMisread most places where UTF-8 was read as Windows-1252, at least 0; sure ones ("Ã©", "â€™") count double
 * @param maxParagraph longest paragraph in characters, 200 to 1,000,000
 * @param maxWord longest run of letters, 20 to 1,000; twenty times as many characters may stand without a space
 * @param maxNonsense evidence for letters at random in any stretch of an English text, in nats, above 0; clean traces reach
 *     8, see {@link Nonsense}
 * @param maxUnusual largest share of letter pairs that no language has, in any stretch of {@link LetterPairs#WINDOW} pairs, 0 to
 *     1; see {@link Language#isUsual}
 * @param maxSoup evidence for signs at random in any stretch, above 0: 3 for each odd word, see {@link Soup}
 */
public record Readability(
        int maxBroken,
        int maxMisread,
        int maxParagraph,
        int maxWord,
        double maxNonsense,
        double maxUnusual,
        double maxSoup)
        implements TraceFilter {
    public static final String NAME = "readability";
    public static final Readability STANDARD = new Readability(0, 1, 8_000, 45, 10, 0.25, 6.5);

    /** So much of both limits together is too much, where letters and signs are at random. */
    private static final double BOTH = 1.65;

    /** So many times the limits for letters and signs at random where the question is about code. */
    private static final double ABOUT_CODE = 2;

    private static final Pattern INLINE_CODE = Pattern.compile("`[^`\\n]{1,200}`");

    /** Tokens of chat templates; what is trained on them may end or forge a turn. */
    private static final List<String> TEMPLATE_TOKENS = List.of(
            "<|im_start|>",
            "<|im_end|>",
            "<|endoftext|>",
            "<|eot_id|>",
            "<|begin_of_text|>",
            "<|start_header_id|>",
            "<｜User｜>",
            "<｜Assistant｜>",
            "<｜end▁of▁sentence｜>",
            "<|user|>",
            "<|assistant|>",
            "<|system|>",
            "<|eom_id|>",
            "<|end|>",
            "<|return|>",
            "<|channel|>",
            "<start_of_turn>",
            "<end_of_turn>",
            "<<SYS>>",
            "<</SYS>>",
            "[INST]",
            "[/INST]",
            "### Human:",
            "### Assistant:",
            "### Instruction:",
            "### Response:",
            "### User:");

    public Readability {
        if (maxBroken < 0 || maxMisread < 0 || maxParagraph < 200 || maxWord < 20) {
            throw new IllegalArgumentException("curate.readability: max_broken and max_misread must be at least 0,"
                    + " max_paragraph at least 200, max_word at least 20; got " + maxBroken + ", " + maxMisread + ", "
                    + maxParagraph + ", " + maxWord);
        }
        if (!(maxUnusual >= 0 && maxUnusual <= 1 && maxSoup > 0 && maxNonsense > 0)) {
            throw new IllegalArgumentException("curate.readability: max_unusual must be 0 to 1, max_nonsense and"
                    + " max_soup above 0; got " + maxUnusual + ", " + maxNonsense + ", " + maxSoup);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        return check(trace, new TraceWords(trace));
    }

    @Override
    public Verdict check(Trace trace, TraceWords words) {
        String fault = fault(words.reasoning(), words.question());
        String where = "reasoning: ";
        if (fault == null) {
            fault = fault(words.answer(), words.question());
            where = "answer: ";
        }
        return fault == null ? Verdict.pass(NAME, "readable") : Verdict.fail(NAME, where + fault);
    }

    private @Nullable String fault(Reading reading, Reading question) {
        String text = reading.text();
        String asked = question.text();
        int broken = broken(text);
        if (broken > maxBroken) {
            return broken + " broken characters";
        }
        int misread = reading.isAscii() ? 0 : Misread.count(text);
        if (misread > maxMisread) {
            return misread + " characters read in the wrong encoding";
        }
        for (String token : hasTemplateSigns(reading) ? TEMPLATE_TOKENS : List.<String>of()) {
            if (text.contains(token) && !asked.contains(token)) {
                return "the template token " + token;
            }
        }
        String debris = Debris.find(reading, asked);
        if (debris != null) {
            return "left by a program: " + debris;
        }
        String length = LongRuns.find(reading.chars(), maxParagraph, maxWord);
        if (length != null) {
            return length;
        }
        String random = atRandom(text, asked, question.languages());
        return random == null ? null : atRandom(Mentions.withoutCode(text), asked, question.languages());
    }

    /** Every template's tokens have one of these. */
    private static boolean hasTemplateSigns(Reading reading) {
        String text = reading.text();
        boolean angle = reading.mayHave('<') && (text.contains("<|") || text.contains("<｜"));
        boolean bracket = reading.mayHave(']') && text.contains("INST]");
        boolean closed = reading.mayHave('>') && (text.contains("SYS>>") || text.contains("_of_turn>"));
        return angle || bracket || closed || (reading.mayHave('#') && text.contains("### "));
    }

    /** Text about code has names and signs that no prose has, and text about languages foreign words. */
    private @Nullable String atRandom(String whole, String asked, LanguageCount question) {
        char[] chars = withoutInlineCode(NoCodeBlocks.without(whole)).toCharArray();
        double nonsense = Nonsense.isEnglish(question) ? Nonsense.evidence(chars, question) : 0;
        double unusual = LetterPairs.mostUnusual(chars);
        double soup = Soup.most(chars);
        String found = atRandom(nonsense, unusual, soup);
        if (found == null) {
            return null;
        }
        double more = NoCodeBlocks.isAboutCode(asked) ? ABOUT_CODE : 1;
        return atRandom(LanguageConsistency.isAboutLanguages(asked) ? 0 : nonsense / more, unusual, soup / more);
    }

    private @Nullable String atRandom(double nonsense, double unusual, double soup) {
        if (nonsense > maxNonsense) {
            return String.format(Locale.ROOT, "letters at random, evidence of %.1f nats", nonsense);
        }
        if (unusual > maxUnusual) {
            return String.format(Locale.ROOT, "letters without sense, %.0f %% unusual pairs", 100 * unusual);
        }
        boolean both = nonsense / maxNonsense + soup / maxSoup > BOTH;
        return soup > maxSoup || both
                ? String.format(Locale.ROOT, "signs at random, evidence of %.1f, and letters, %.1f", soup, nonsense)
                : null;
    }

    private static String withoutInlineCode(String text) {
        return text.indexOf('`') < 0 ? text : INLINE_CODE.matcher(text).replaceAll(" ");
    }

    private static int broken(String text) {
        int broken = 0;
        for (int i = 0; i < text.length(); i++) {
            if ((text.charAt(i) >= ' ' && text.charAt(i) < 127) || text.charAt(i) == '\n') {
                continue;
            }
            int c = text.codePointAt(i);
            int type = Character.getType(c);
            boolean control = type == Character.CONTROL && c != '\n' && c != '\r' && c != '\t';
            broken += c == 0xFFFD || control || isNone(type) ? 1 : 0;
            i += Character.charCount(c) - 1;
        }
        return broken;
    }

    private static boolean isNone(int type) {
        return type == Character.PRIVATE_USE || type == Character.SURROGATE || type == Character.UNASSIGNED;
    }
}
