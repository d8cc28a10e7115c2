package dev.distill.respond;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Prompt;
import dev.distill.eval.task.Responder;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A student in this process, under evaluation: prompts in, graded text out, many rows at a time. */
public final class StudentResponder implements Responder {
    private final Student student;
    private final boolean reasoning;
    private final int slots;

    /**
     * @param reasoning whether the student is asked to reason first; the twin is not
     * @param slots rows decoded at a time; they share one cache of slots x positions
     */
    public StudentResponder(Student student, boolean reasoning, int slots) {
        this.student = student;
        this.reasoning = reasoning;
        this.slots = slots;
    }

    @Override
    public String name() {
        return student.name();
    }

    /** A row that is asked for. */
    private record Row(Prompt prompt, int sample, String rendered, int[] ids) {}

    @Override
    public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
        List<Row> rows = new ArrayList<>();
        int longest = 0;
        for (Prompt prompt : prompts) {
            String rendered = student.language().renderer().prompt(prompt.messages(), reasoning);
            int[] ids = student.language().tokenizer().encode(rendered);
            longest = Math.max(longest, ids.length);
            for (int sample = 0; sample < decoding.samples(); sample++) {
                rows.add(new Row(prompt, sample, rendered, ids));
            }
        }
        int positions =
                Math.min(longest + decoding.maxNewTokens(), student.config().maxPositions());
        Sampling sampling = new Sampling(decoding.temperature(), 0, decoding.topP());
        try (Generator generator = new Generator(student.model(), Math.min(slots, rows.size()), positions)) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (Row row : rows) {
                requests.add(new GenerationRequest(
                        requests.size(),
                        row.ids(),
                        sampling,
                        seed(decoding.seed(), row),
                        decoding.maxNewTokens(),
                        student.endIds()));
            }
            generator.generate(
                    requests.iterator(),
                    (row, id, logProbability) -> true,
                    done -> sink.accept(response(rows.get((int) done.row()), done)));
        }
    }

    /** Of seed, prompt and sample alone, so that a row's text does not depend on what else is asked. */
    private static long seed(long seed, Row row) {
        return Long.parseUnsignedLong(
                Hash.of(List.of(Long.toString(seed), row.prompt().id(), Integer.toString(row.sample())))
                        .substring(0, 16),
                16);
    }

    private Response response(Row row, Generation generation) {
        boolean ended = generation.finish() == Generation.Finish.END;
        int count = generation.ids().length - (ended ? 1 : 0);
        int[] ids = java.util.Arrays.copyOf(generation.ids(), count);
        String text = student.language().tokenizer().decode(ids, false);
        ReasoningSplitter.Split split = ReasoningSplitter.split(
                text,
                ThinkMarkers.THINK,
                student.language().renderer().start(row.rendered()),
                ReasoningSplitter.Whitespace.TRIM);
        return new Response(
                row.prompt().id(),
                row.sample(),
                split.reasoning().isEmpty() ? null : split.reasoning(),
                split.answer(),
                ended ? FinishReason.STOP : FinishReason.LENGTH,
                generation.ids().length,
                null);
    }
}
