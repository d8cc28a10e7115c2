package dev.distill.data.curate;

import dev.distill.data.curate.PhraseIndex.Match;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies with canned text: what a chat interface or a web page left (one piece is enough), forms that nobody filled
 * in, and answers that are wrapped in courtesies: an opening, a wish, an offer of more help, a disclaimer ({@code
 * boilerplate.txt}). What the question has too is none.
 *
 * @param maxCourtesies most kinds of courtesies in one answer, 0 to 4: "I hope this helps!" alone is honest
 */
public record NoBoilerplate(int maxCourtesies) implements TraceFilter {
    public static final String NAME = "boilerplate";
    public static final NoBoilerplate STANDARD = new NoBoilerplate(1);

    /** The sections of the phrase book. */
    private enum Kind {
        INTERFACE,
        PAGE,
        FORM,
        OPENING,
        WISH,
        OFFER,
        DISCLAIMER;

        boolean isCourtesy() {
            return ordinal() >= OPENING.ordinal();
        }

        static Kind of(Phrase phrase) {
            return valueOf(phrase.section().toUpperCase(Locale.ROOT));
        }
    }

    private static final PhraseIndex PHRASES =
            new PhraseIndex(PhraseBook.read("boilerplate.txt").phrases());

    /** Courtesies stand so near to the beginning. */
    private static final int BEGINNING = 80;

    /** Who asks for a form gets one; who asks for a page, or a letter, its phrases. */
    private static final Pattern ASKS_FOR_FORM = Pattern.compile(
            "\\b(?:template|form|letter|e-?mail|cover|resume|cv|placeholder|draft|website|web page|html|footer|banner|license|notice|blog|newsletter|post|script|message|reply|dialogue|role-?play|chat|copyright|slogan|advert\\w*|terms|polic(?:y|ies)|story|todo)\\b|模板|邮件|信|网页|网站|版权|声明|脚本|对话|文案",
            Pattern.CASE_INSENSITIVE);

    public NoBoilerplate {
        if (maxCourtesies < 0 || maxCourtesies > 4) {
            throw new IllegalArgumentException(
                    "curate.boilerplate: max_courtesies must be 0 to 4; got " + maxCourtesies);
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
        String found = find(words.answer().phrases(), trace.question());
        if (found != null) {
            return Verdict.fail(NAME, "answer " + found);
        }
        found = find(words.reasoning().phrases(), trace.question());
        return found == null ? Verdict.pass(NAME, "none") : Verdict.fail(NAME, "reasoning " + found);
    }

    /** {@code [page]: all rights reserved}; {@code [courtesies]: Certainly! ... I hope this helps}. */
    private @Nullable String find(PhraseText folded, String question) {
        Map<Kind, String> courtesies = new EnumMap<>(Kind.class);
        for (Match match = PHRASES.find(folded, 0); match != null; match = PHRASES.find(folded, match.end())) {
            Kind kind = Kind.of(match.phrase());
            String words = match.in(folded.text()).replace('\n', ' ').strip();
            if (kind.isCourtesy()) {
                if (kind != Kind.OPENING || match.start() < BEGINNING) {
                    courtesies.putIfAbsent(kind, words);
                }
            } else if (!asksForForm(question)) {
                return "[" + kind.name().toLowerCase(Locale.ROOT) + "]: " + words;
            }
        }
        return courtesies.size() > maxCourtesies && !asksForForm(question)
                ? "[courtesies]: " + String.join(" ... ", courtesies.values())
                : null;
    }

    private static boolean asksForForm(String question) {
        return ASKS_FOR_FORM.matcher(question).find();
    }
}
