package dev.distill.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.distill.pipeline.CurateStage;
import dev.distill.pipeline.RunFolder;
import dev.distill.teacher.embedded.FaultTruth;
import dev.distill.teacher.embedded.fault.ContentFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What curation made of the faults that the teacher planted, by the teacher's own log.
 *
 * @param fault in the teacher's words
 * @param planted traces that have it
 * @param caught of them, dropped for whatever reason
 * @param wronglyDropped traces without any fault that the checks for this one dropped
 * @param dropped all traces that the checks for this one dropped
 */
public record FaultAccount(String fault, int planted, int caught, int wronglyDropped, int dropped) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Share of the planted ones that were caught; 1 where none was planted. */
    public double recall() {
        return planted == 0 ? 1 : (double) caught / planted;
    }

    /** Share of what the checks for this fault dropped that had some fault; 1 where they dropped nothing. */
    public double precision() {
        return dropped == 0 ? 1 : 1 - (double) wronglyDropped / dropped;
    }

    /** The sums of them, as {@code all}. */
    static FaultAccount total(List<FaultAccount> faults) {
        return new FaultAccount(
                "all",
                faults.stream().mapToInt(FaultAccount::planted).sum(),
                faults.stream().mapToInt(FaultAccount::caught).sum(),
                faults.stream().mapToInt(FaultAccount::wronglyDropped).sum(),
                faults.stream().mapToInt(FaultAccount::dropped).sum());
    }

    /** Joins the curation's decisions with the teacher's log. */
    public static List<FaultAccount> of(RunFolder run, Path teacherLog) throws IOException {
        FaultTruth truth = FaultTruth.read(teacherLog);
        Map<ContentFault, int[]> counts = new EnumMap<>(ContentFault.class);
        for (ContentFault fault : ContentFault.values()) {
            counts.put(fault, new int[4]);
        }
        try (BufferedReader decisions = Files.newBufferedReader(run.curate().resolve(CurateStage.DECISIONS))) {
            for (String line = decisions.readLine(); line != null; line = decisions.readLine()) {
                count(JSON.readTree(line), truth, counts);
            }
        }
        List<FaultAccount> accounts = new ArrayList<>();
        counts.forEach((fault, n) -> {
            if (fault != ContentFault.NONE) {
                accounts.add(new FaultAccount(fault.name().toLowerCase(Locale.ROOT), n[0], n[1], n[2], n[3]));
            }
        });
        return accounts;
    }

    private static void count(JsonNode decision, FaultTruth truth, Map<ContentFault, int[]> counts) {
        ContentFault planted = truth.of(
                        decision.path("prompt_id").asText(),
                        decision.path("sample").asLong())
                .map(FaultTruth.Found::fault)
                .orElse(ContentFault.NONE);
        boolean kept = decision.path("kept").asBoolean();
        if (planted != ContentFault.NONE) {
            int[] n = counts.getOrDefault(planted, new int[4]);
            n[0]++;
            n[1] += kept ? 0 : 1;
        }
        if (!kept) {
            int[] n = counts.getOrDefault(checkedFor(decision.path("reason").asText()), new int[4]);
            n[2] += planted == ContentFault.NONE ? 1 : 0;
            n[3]++;
        }
    }

    /** The fault that a check of this name looks for. */
    private static ContentFault checkedFor(String reason) {
        if (reason.startsWith(Decontamination.PREFIX)) {
            return ContentFault.CONTAMINATION;
        }
        int kind = reason.indexOf(':');
        return switch (kind < 0 ? reason : reason.substring(0, kind)) {
            case Finished.NAME, NonEmpty.NAME, Complete.NAME, LengthOutlier.NAME -> ContentFault.CUT_OFF;
            case NoRefusal.NAME, NoBoilerplate.NAME -> ContentFault.REFUSAL;
            case NoIdentityLeak.NAME, NoSecrets.NAME -> ContentFault.IDENTITY;
            case Readability.NAME, NoCodeBlocks.NAME -> ContentFault.UNREADABLE;
            case Repetition.NAME -> ContentFault.REPETITION;
            case LanguageConsistency.NAME -> ContentFault.MIXED_LANGUAGE;
            case Curation.DUPLICATE, Curation.NEAR_DUPLICATE -> ContentFault.NEAR_DUPLICATE;
            default -> ContentFault.WRONG_ANSWER; // the verifier, whatever its name
        };
    }
}
