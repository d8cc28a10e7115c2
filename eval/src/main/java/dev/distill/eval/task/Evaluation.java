package dev.distill.eval.task;

import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.task.Responder.Missing;
import dev.distill.eval.task.Responder.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks one model one task and keeps every response on disk. Killed and started again with the same folder, model and
 * task, it asks only for what is missing.
 */
public final class Evaluation {
    public static final String RESPONSES = "responses.jsonl";

    private Evaluation() {}

    /** Hears how far an evaluation is, counted in responses: distinct prompts x samples. */
    public interface Progress {
        /** Nobody. */
        Progress NONE = new Progress() {
            @Override
            public void begin(int earlier, int all) {}

            @Override
            public void responses(int done, int all) {}
        };

        /**
         * Before the first prompt is asked.
         *
         * @param earlier responses that an earlier run has left
         */
        void begin(int earlier, int all);

        /**
         * After each response, once it is on disk; and once more at the end where some are missing still.
         *
         * @param done responses, the earlier ones included
         */
        void responses(int done, int all);
    }

    /**
     * The responses to one question.
     *
     * @param responses by sample, all of them
     */
    public record Answered(Question question, List<Response> responses) {
        public Answered {
            responses = List.copyOf(responses);
        }
    }

    /**
     * Gathers {@code decoding.samples()} responses to each prompt.
     *
     * @param folder gets {@code responses.jsonl}
     * @return one entry a prompt, in the task's order
     */
    public static List<Answered> run(Task task, Responder responder, Path folder, Progress progress)
            throws IOException {
        Files.createDirectories(folder);
        int samples = task.decoding().samples();
        Map<String, @Nullable Response[]> byPrompt = new HashMap<>();
        task.prompts().forEach(prompt -> byPrompt.put(prompt.id(), new Response[samples]));
        try (ResponseLog log =
                ResponseLog.open(folder.resolve(RESPONSES), conditions(task, responder), responder.conditions(task))) {
            int all = byPrompt.size() * samples;
            int[] done = {0};
            log.earlier().stream().filter(response -> response.error() == null).forEach(response -> {
                done[0] += place(byPrompt, response) ? 1 : 0;
            });
            progress.begin(done[0], all);
            List<Missing> missing = task.prompts().stream()
                    .map(prompt -> missing(byPrompt, prompt))
                    .filter(one -> !one.samples().isEmpty())
                    .toList();
            if (!missing.isEmpty()) {
                responder.respondMissing(missing, task.decoding(), response -> {
                    if (place(byPrompt, response)) { // one that nobody asked for is not kept
                        log.add(response);
                        progress.responses(++done[0], all);
                    }
                });
                if (done[0] < all) { // who has stopped it says so there
                    progress.responses(done[0], all);
                }
            }
        }
        return collect(task, byPrompt);
    }

    private static List<Answered> collect(Task task, Map<String, @Nullable Response[]> byPrompt) {
        List<Answered> answered = new ArrayList<>();
        for (Question question : task.questions()) {
            List<Response> responses = new ArrayList<>();
            for (@Nullable Response response : slots(byPrompt, question.id())) {
                if (response == null) {
                    throw new IllegalStateException("task " + task.name() + ": the responder left prompt "
                            + question.id() + " without an answer");
                }
                responses.add(response);
            }
            answered.add(new Answered(question, responses));
        }
        return Collections.unmodifiableList(answered);
    }

    /** Puts a response into its place; false where there already was one, or none is wanted. */
    private static boolean place(Map<String, @Nullable Response[]> byPrompt, Response response) {
        @Nullable Response[] slots = byPrompt.get(response.promptId());
        int sample = response.sample();
        if (slots == null || sample < 0 || sample >= slots.length || slots[sample] != null) {
            return false;
        }
        slots[sample] = response;
        return true;
    }

    private static Missing missing(Map<String, @Nullable Response[]> byPrompt, Prompt prompt) {
        List<Integer> samples = new ArrayList<>();
        @Nullable Response[] slots = slots(byPrompt, prompt.id());
        for (int sample = 0; sample < slots.length; sample++) {
            if (slots[sample] == null) {
                samples.add(sample);
            }
        }
        return new Missing(prompt, samples);
    }

    private static @Nullable Response[] slots(Map<String, @Nullable Response[]> byPrompt, String id) {
        @Nullable Response[] slots = byPrompt.get(id);
        if (slots == null) {
            throw new IllegalArgumentException("no prompt " + id + " in this task");
        }
        return slots;
    }

    /** How many answers there are is none of them: an answer is the same among however many others. */
    private static String conditions(Task task, Responder responder) {
        return Hash.of(List.of(
                responder.fingerprint(),
                task.name(),
                task.withSamples(1).decoding().toString()));
    }
}
