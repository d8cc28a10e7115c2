package dev.distill.data.curate;

import dev.distill.data.answer.MathVerifier;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What curation's checks drop, in words for people. */
public final class DropReasons {
    private DropReasons() {}

    /** @param reason as it stands in {@code decisions.jsonl}: a check, or one kind of it behind a colon */
    public static String words(String reason) {
        if (reason.startsWith(Decontamination.PREFIX)) {
            return reason.substring(Decontamination.PREFIX.length()) + " question";
        }
        String check = FilterRule.family(reason);
        String kind = reason.substring(check.length()).replace(":", ": ").replace('_', ' ');
        return ofCheck(check) + kind;
    }

    /** The kinds that checks tell apart, by the check: {@code secrets:email} is a kind of {@code secrets}. */
    public static Map<String, List<String>> kinds() {
        return Map.of(
                NoSecrets.NAME,
                Stream.of(Secret.Kind.values()).map(Secret.Kind::word).toList(),
                NoRefusal.NAME,
                Stream.of(RefusalTopic.values()).map(RefusalTopic::word).toList());
    }

    private static String ofCheck(String check) {
        return switch (check) {
            case MathVerifier.NAME -> "wrong answer";
            case Finished.NAME -> "cut off";
            case NonEmpty.NAME -> "empty";
            case Complete.NAME -> "unfinished";
            case LengthOutlier.NAME -> "too long or too short";
            case NoSecrets.NAME -> "personal data or keys";
            case NoBoilerplate.NAME -> "canned text";
            case NoRefusal.NAME -> "refusal";
            case NoIdentityLeak.NAME -> "says who made it";
            case Readability.NAME -> "unreadable";
            case NoCodeBlocks.NAME -> "code in the reasoning";
            case Repetition.NAME -> "repeats itself";
            case LanguageConsistency.NAME -> "mixed languages";
            case Curation.NEAR_DUPLICATE_PROMPT -> "nearly the same question";
            case Curation.DUPLICATE -> "duplicate";
            case Curation.NEAR_DUPLICATE -> "nearly a duplicate";
            default -> check.replace('_', ' ');
        };
    }
}
