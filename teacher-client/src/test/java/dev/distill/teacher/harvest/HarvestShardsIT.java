package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.ScriptedServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shards follow the prompts also where nothing has to be bought for that. */
@Timeout(60)
class HarvestShardsIT extends HarvestScene {
    private HarvestResult harvest(ScriptedServer server, List<Prompt> prompts) throws IOException {
        return new Harvester(config(server.url(), 2, null, QUICK), ApiKey.NONE).run(prompts, HarvestListener.NONE);
    }

    private static ScriptedServer server() throws IOException {
        return new ScriptedServer((body, attempt, answer) -> answer.reply("thoughts", "answer", "stop"));
    }

    @Test
    void aCorrectedReferenceOrSourceReachesThem() throws IOException {
        try (ScriptedServer server = server()) {
            harvest(server, prompts(3));
            List<Prompt> corrected = prompts(3).stream()
                    .map(prompt -> Prompt.of(prompt.messages(), "corrected", "test"))
                    .toList();
            assertThat(harvest(server, corrected).requests()).isZero();
            assertThat(traces()).hasSize(6).extracting(Trace::reference).containsOnly("corrected");
            List<Prompt> moved = prompts(3).stream()
                    .map(prompt -> Prompt.of(prompt.messages(), null, "moved"))
                    .toList();
            assertThat(harvest(server, moved).requests()).isZero();
            assertThat(traces()).hasSize(6).allSatisfy(trace -> {
                assertThat(trace.reference()).isNull();
                assertThat(trace.source()).isEqualTo("moved");
            });
        }
    }

    /** With both halves bought, as many units are complete and as many tokens bought for the one as for the other. */
    @Test
    void theyHoldTheChosenPromptsAlsoAfterGoingBackToAnEarlierChoice() throws IOException {
        List<Prompt> first = prompts(6).subList(0, 3);
        List<Prompt> second = prompts(6).subList(3, 6);
        try (ScriptedServer server = server()) {
            harvest(server, first);
            harvest(server, second);
            assertThat(traces()).extracting(Trace::promptId).hasSameElementsAs(ids(second));
            assertThat(harvest(server, first).requests()).isZero();
            assertThat(traces()).hasSize(6).extracting(Trace::promptId).hasSameElementsAs(ids(first));
            assertThat(harvest(server, first.reversed()).requests()).isZero();
            assertThat(traces().getFirst().promptId()).isEqualTo(first.getLast().id());
        }
    }

    private static List<String> ids(List<Prompt> prompts) {
        return prompts.stream().map(Prompt::id).toList();
    }
}
