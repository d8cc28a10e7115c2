package dev.distill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.respond.TinyStudent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code plan}, with its measurement, on a model of some thousand weights. */
class PlanCommandIT {
    @TempDir
    Path folder;

    private Path recipe;

    @BeforeEach
    void write() throws IOException {
        Path model = TinyStudent.write(folder.resolve("tiny"), 1);
        recipe = Files.writeString(folder.resolve("r.yaml"), """
                teacher: {url: "http://127.0.0.1:9/v1", model: deepseek-reasoner}
                prompts: {files: none.jsonl}
                harvest: {samples: 1}
                plan: {prompts: 40, prompt-tokens: 20, reply-tokens: 60, source: a test}
                student: {base: %s}
                train: {mode: lora, steps: 10, batch-samples: 4, row-tokens: 200}
                """.formatted(model));
    }

    private Said plan(Object... more) {
        Object[] words = new Object[more.length + 5];
        Object[] first = {"plan", recipe, "--dir", folder.resolve("run"), "--json"};
        System.arraycopy(first, 0, words, 0, 5);
        System.arraycopy(more, 0, words, 5, more.length);
        return Said.by(words);
    }

    /** The fields that the contract of the command line names, and that time is measured. */
    @Test
    void givesTheFieldsOfTheContract() throws IOException {
        Said said = plan();
        assertThat(said.code()).as(said.err()).isZero();
        JsonNode figures = said.json();
        assertThat(figures.path("steps").asInt()).isEqualTo(10);
        assertThat(figures.path("tokens").asLong()).isEqualTo(10 * 4 * 80);
        long total = 0;
        for (String part :
                new String[] {"weights", "adapter", "gradients", "moments", "activations", "head", "data", "program"}) {
            assertThat(figures.path("memory_mib").path(part).isNumber())
                    .as(part)
                    .isTrue();
            total += figures.path("memory_mib").path(part).asLong();
        }
        assertThat(figures.at("/memory_mib/total").asLong()).isBetween(total - 4, total + 4); // each is rounded
        assertThat(figures.path("disk_mib").isNumber()).isTrue();
        assertThat(figures.path("time_s").asDouble()).isPositive();
        assertThat(figures.at("/money/amount").asText()).isEqualTo("0.001232"); // 40 x (20 x 0.28 + 60 x 0.42) / 10^6
        assertThat(figures.at("/money/currency").asText()).isEqualTo("USD");
        assertThat(figures.path("speed").asText()).startsWith("measured here in ");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void aCardsFiguresAreItsMakers() throws IOException {
        JsonNode figures = plan("--gpu", "H100").json();
        assertThat(figures.path("compute").asText()).isEqualTo("bfloat16");
        assertThat(figures.path("memory_room_mib").asLong()).isEqualTo(76_294); // 80 GB
        assertThat(figures.path("speed").asText()).startsWith("not measured: 40 % of the 989 TFLOP/s");
        assertThat(figures.path("notes").toString()).contains("this release computes on the processor alone");
    }

    @Test
    void whatDoesNotFitIsAResultToo() throws IOException {
        Said said = plan("--memory", "1MiB");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.json().path("fits").asBoolean()).isFalse();
        assertThat(said.json().path("notes").toString()).contains("no setting here makes it fit");
    }

    @Test
    void mistakesAreTold() {
        Said card = plan("--gpu", "voodoo");
        assertThat(card.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(card.err()).contains("--gpu must be one of h200, h100, a100, l40s, rtx4090; got voodoo");
        Said size = plan("--memory", "much");
        assertThat(size.code()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(size.err()).contains("must be a size such as 24GiB or 80GB; got much");
    }
}
