package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies in which the teacher says who it is: a claim, in the first person, to be some model or to be made by some
 * company. A student would learn to say it of itself. A person in a word problem who is called Claude is no leak.
 */
public record NoIdentityLeak() implements TraceFilter {
    public static final String NAME = "identity";

    /** Where a question speaks of models or names, only claims in the first person are leaks. */
    private static final Pattern SPOKEN_OF = Pattern.compile(
            "(?<!\\p{L})(?:" + IdentityClaims.ANY_NAME
                    + "|language models?|chatbots?|AI|LLMs?|assistants?|names?|called)(?!\\p{L})",
            Pattern.CASE_INSENSITIVE);

    private static final ClaimIndex CLAIMS = new ClaimIndex(IdentityClaims.ALL.firstPerson());
    private static final ClaimIndex IN_PASSING = new ClaimIndex(IdentityClaims.ALL.inPassing());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        String answer = leak(trace.answer(), trace.question());
        if (answer != null) {
            return Verdict.fail(NAME, "answer: " + answer);
        }
        String reasoning = leak(trace.reasoning() == null ? "" : trace.reasoning(), trace.question());
        return reasoning != null ? Verdict.fail(NAME, "reasoning: " + reasoning) : Verdict.pass(NAME, "no claim");
    }

    private static @Nullable String leak(String text, String question) {
        String straight = text.replace('’', '\'');
        String lower = straight.toLowerCase(Locale.ROOT);
        String cased = lower.length() == straight.length() ? straight : lower; // İ is two characters in lower case
        String claim = CLAIMS.find(cased, lower);
        if (claim != null) {
            return claim;
        }
        claim = IN_PASSING.find(cased, lower);
        boolean asked = claim != null && (SPOKEN_OF.matcher(question).find() || namesOneOf(question, claim));
        return asked ? null : claim;
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
