package dev.distill.respond;

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
        Sampling sampling = new Sampling(decoding.temperature(), decoding.topK(), decoding.topP());
        List<TextGenerator.Request> requests = new ArrayList<>();
        for (Prompt prompt : prompts) {
            String rendered = student.language().renderer().prompt(prompt.messages(), reasoning);
            for (int sample = 0; sample < decoding.samples(); sample++) {
                requests.add(new TextGenerator.Request(
                        rendered,
                        student.language().renderer().start(rendered),
                        sampling,
                        TextGenerator.seed(decoding.seed(), prompt.id(), sample),
                        decoding.maxNewTokens(),
                        List.of()));
            }
        }
        new TextGenerator(student, slots)
                .generate(
                        requests,
                        stop,
                        TextGenerator.Listener.NONE,
                        text -> sink.accept(response(prompts.get(text.row() / decoding.samples()), text, decoding)));
    }

    private static Response response(Prompt prompt, TextGenerator.Text text, Decoding decoding) {
        return new Response(
                prompt.id(),
                text.row() % decoding.samples(),
                text.reasoning().isEmpty() ? null : text.reasoning(),
                text.answer(),
                text.finish(),
                new Usage(0, 0, text.newTokens(), 0),
                0,
                null,
                null);
    }
}
