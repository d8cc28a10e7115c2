package dev.distill.respond;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.eval.task.Responder;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Compute;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A student in this process, under evaluation: prompts in, graded text out, many rows at a time. */
public final class StudentResponder implements Responder {
    private final Student student;
    private final boolean reasoning;
    private final int slots;
    private final BooleanSupplier stop;

    /**
     * @param reasoning whether the student is asked to reason first; the twin is not
     * @param slots rows decoded at a time; they share one cache of slots x positions
     */
    public StudentResponder(Student student, boolean reasoning, int slots) {
        this(student, reasoning, slots, () -> false);
    }

    /**
     * The same, to be broken off.
     *
     * @param stop asked at each token; once true, what is not yet answered has no response
     */
    public StudentResponder(Student student, boolean reasoning, int slots, BooleanSupplier stop) {
        this.stop = stop;
        this.student = student;
        this.reasoning = reasoning;
        this.slots = slots;
    }

    @Override
    public String name() {
        return student.name();
    }

    @Override
    public String fingerprint() {
        Compute type = student.model().ops().compute();
        String computed = type == Compute.FLOAT ? "" : ", in " + type.name().toLowerCase(Locale.ROOT);
        return student.fingerprint() + computed + (reasoning ? "" : ", answer only");
    }

    @Override
    public void respond(List<Prompt> prompts, Decoding decoding, Consumer<Response> sink) {
        List<Integer> all = IntStream.range(0, decoding.samples()).boxed().toList();
        respondMissing(prompts.stream().map(prompt -> new Missing(prompt, all)).toList(), decoding, sink);
    }

    /** One row of the generator. */
    private record Row(Prompt prompt, int sample) {}

    @Override
    public void respondMissing(List<Missing> missing, Decoding decoding, Consumer<Response> sink) {
        Sampling sampling = new Sampling(decoding.temperature(), decoding.topK(), decoding.topP());
        List<Row> rows = new ArrayList<>();
        List<TextGenerator.Request> requests = new ArrayList<>();
        for (Missing one : missing) {
            Prompt prompt = one.prompt();
            String rendered = student.language().renderer().prompt(prompt.messages(), reasoning);
            for (int sample : one.samples()) {
                rows.add(new Row(prompt, sample));
                requests.add(new TextGenerator.Request(
                        rendered,
                        student.language().renderer().start(rendered),
                        sampling,
                        TextGenerator.seed(decoding.seed(), prompt.id(), sample),
                        decoding.maxNewTokens(),
                        List.of()));
            }
        }
        SharedTime time = new SharedTime();
        new TextGenerator(student, slots)
                .generate(
                        requests,
                        stop,
                        beginning(time),
                        text -> sink.accept(response(rows.get(text.row()), text, time.end(text.row()))));
    }

    /** Lets every row go on to its end, and notes when each begins. */
    private static TextGenerator.Listener beginning(SharedTime time) {
        return new TextGenerator.Listener() {
            @Override
            public boolean piece(int row, ReasoningSplitter.Piece piece) {
                return true;
            }

            @Override
            public void begun(int row) {
                time.begin(row);
            }
        };
    }

    private static Response response(Row row, TextGenerator.Text text, double seconds) {
        return new Response(
                row.prompt().id(),
                row.sample(),
                text.reasoning().isEmpty() ? null : text.reasoning(),
                text.answer(),
                text.finish(),
                new Usage(0, 0, text.newTokens(), 0),
                Math.round(1000 * seconds) / 1000.0,
                null,
                null);
    }
}
