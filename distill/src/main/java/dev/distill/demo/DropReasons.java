package dev.distill.demo;

import dev.distill.data.answer.MathVerifier;
import dev.distill.data.curate.Complete;
import dev.distill.data.curate.Curation;
import dev.distill.data.curate.Decontamination;
import dev.distill.data.curate.Finished;
import dev.distill.data.curate.LanguageConsistency;
import dev.distill.data.curate.LengthOutlier;
import dev.distill.data.curate.NoBoilerplate;
import dev.distill.data.curate.NoCodeBlocks;
import dev.distill.data.curate.NoIdentityLeak;
import dev.distill.data.curate.NoRefusal;
import dev.distill.data.curate.NoSecrets;
import dev.distill.data.curate.NonEmpty;
import dev.distill.data.curate.Readability;
import dev.distill.data.curate.Repetition;

/** What curation's checks drop, in words for people. */
final class DropReasons {
    private DropReasons() {}

    /** @param reason as it stands in {@code decisions.jsonl} */
    static String words(String reason) {
        if (reason.startsWith(Decontamination.PREFIX)) {
            return reason.substring(Decontamination.PREFIX.length()) + " question";
        }
        int kind = reason.indexOf(':');
        return switch (kind < 0 ? reason : reason.substring(0, kind)) {
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
            case Curation.DUPLICATE -> "duplicate";
            case Curation.NEAR_DUPLICATE -> "nearly a duplicate";
            default -> reason.replace('_', ' ');
        };
    }
}
