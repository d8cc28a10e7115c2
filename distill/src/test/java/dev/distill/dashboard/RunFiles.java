package dev.distill.dashboard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A run's folder as a training writes it, line by line. */
record RunFiles(Path folder) {
    /** A run whose settings are known, and whose training is to have {@code steps} steps. */
    static RunFiles create(Path folder, String settings, int steps) throws IOException {
        Files.createDirectories(folder.resolve("train"));
        Files.writeString(folder.resolve("resolved.yaml"), settings);
        Files.writeString(folder.resolve("train/begun.json"), "{\"steps\":" + steps + ",\"done\":0}");
        return new RunFiles(folder);
    }

    Path metrics() {
        return folder.resolve("train/metrics.jsonl");
    }

    /** A line with a loss that falls as one over the step. */
    static String line(int step) {
        return "{\"step\":" + step + ",\"loss\":" + 4.0 / Math.max(1, step)
                + ",\"grad_norm\":1.5,\"learning_rate\":0.001,\"tokens\":100,\"trained_tokens\":80,\"seconds\":0.5,"
                + "\"tokens_per_s\":200.0,\"rss_mib\":300,\"val_loss\":" + 5.0 / Math.max(1, step)
                + ",\"val_losses\":{\"algebra\":2.0,\"words\":3.0}}\n";
    }

    RunFiles steps(int from, int to) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int step = from; step <= to; step++) {
            lines.append(line(step));
        }
        return append(lines.toString());
    }

    RunFiles append(String text) throws IOException {
        Files.write(
                metrics(), text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return this;
    }

    RunFiles sample(int step, String question, String answer) throws IOException {
        Files.writeString(
                folder.resolve("train/samples.jsonl"),
                "{\"step\":" + step + ",\"number\":0,\"question\":\"" + question + "\",\"reasoning\":\"\",\"answer\":\""
                        + answer + "\",\"finish_reason\":\"stop\",\"new_tokens\":3}\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        return this;
    }
}
