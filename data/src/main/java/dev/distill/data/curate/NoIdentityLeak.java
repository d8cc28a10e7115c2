package dev.distill.data.curate;

import dev.distill.data.curate.PhraseIndex.Match;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies in which the teacher says who it is: a claim, in the first person, to be some model or to be made by some
 * company ({@code identity-claims.txt}). A student would learn to say it of itself. A person in a word problem who is called
 * Claude is no leak.
 */
public record NoIdentityLeak() implements TraceFilter {
    public static final String NAME = "identity";

    private static final PhraseBook BOOK = PhraseBook.read("identity-claims.txt");

    /** Claims that are leaks wherever they stand. */
    private static final PhraseIndex CLAIMS = new PhraseIndex(BOOK.section("in the first person"));

    /** Claims that are none where the question speaks of models or names. */
    private static final PhraseIndex IN_PASSING = new PhraseIndex(BOOK.section("in passing"));

    /** Where a question speaks of models or names, only claims in the first person are leaks. */
    private static final Pattern SPOKEN_OF = Pattern.compile(
            "(?<!\\p{L})(?:" + BOOK.definition("NAME")
                    + "|language models?|chatbots?|AI|LLMs?|assistants?|names?|called)(?!\\p{L})",
            Pattern.CASE_INSENSITIVE);

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
        String answer = leak(words.answer().phrases(), trace.question());
        if (answer != null) {
            return Verdict.fail(NAME, "answer: " + answer);
        }
        String reasoning = leak(words.reasoning().phrases(), trace.question());
        if (reasoning != null) {
            return Verdict.fail(NAME, "reasoning: " + reasoning);
        }
        for (Reading reply : words.repliedEarlier()) {
            String earlier = leak(reply.phrases(), trace.question());
            if (earlier != null) {
                return Verdict.fail(NAME, "earlier reply: " + earlier);
            }
        }
        return Verdict.pass(NAME, "no claim");
    }

    private static @Nullable String leak(PhraseText folded, String question) {
        Match claim = CLAIMS.find(folded, 0);
        if (claim != null && isQuoted(folded.text(), claim.start()) && isSpokenOf(question)) {
            claim = CLAIMS.find(folded, claim.end());
        }
        if (claim != null) {
            return claim.in(folded.text());
        }
        claim = IN_PASSING.find(folded, 0);
        if (claim == null) {
            return null;
        }
        String found = claim.in(folded.text());
        return isSpokenOf(question) || namesOneOf(question, found) ? null : found;
    }

    private static boolean isSpokenOf(String question) {
        return SPOKEN_OF.matcher(question).find();
    }

    /** Whether these are the words of somebody whom the text quotes. */
    private static boolean isQuoted(String text, int at) {
        int line = text.lastIndexOf('\n', at) + 1;
        return text.substring(line, at).chars().filter(c -> c == '"').count() % 2 == 1
                || text.lastIndexOf('“', at) > text.lastIndexOf('”', at);
    }

    /** Whether a name in the claim is one of the question's: who plays Alice may say so. */
    private static boolean namesOneOf(String question, String claim) {
        for (String word : claim.split("[^\\p{L}\\d]+")) {
            if (word.length() > 2 && Character.isUpperCase(word.charAt(0)) && question.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
