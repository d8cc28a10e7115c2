package dev.distill.respond;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.RetryAdvice;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.TeacherRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A teacher that is a model in this process. Requests of many threads are answered together, as many at a time as there are
 * slots: a row that ends makes room for the next request. What a request is answered depends on it alone: model, messages,
 * sampling, seed and sample number.
 */
public final class LocalTeacher implements Teacher {
    /** Positions of a cache are taken in steps of this, so that requests of about the same length share one. */
    private static final int STEP = 256;

    private static final double SECOND = 1e9;

    /** The field in which servers take it, beside OpenAI's own. */
    private static final String TOP_K = "top_k";

    private final Student student;
    private final int slots;
    private final BlockingDeque<LocalRequest> queue = new LinkedBlockingDeque<>();
    private final Map<Long, LocalRequest> running = new HashMap<>();
    private final SharedTime time = new SharedTime(); // the worker's
    private final Thread worker;
    private volatile boolean closed;
    private @Nullable Generator generator;
    private int positions;
    private long rows;

    /**
     * Begins to wait for requests.
     *
     * @param student stays the caller's, who closes it after this teacher
     * @param slots replies that are written at a time
     */
    public LocalTeacher(Student student, int slots) {
        this.student = student;
        this.slots = slots;
        this.worker = Thread.ofPlatform().name("local teacher").daemon().start(this::work);
    }

    @Override
    public Exchange ask(TeacherRequest request) {
        LocalRequest asked;
        try {
            String text = student.language().renderer().prompt(request.messages(), true);
            ReasoningSplitter.Start start = student.language().renderer().start(text);
            int[] ids = student.encode(text);
            ReplyStream stream = ReplyStream.of(student.language(), start, java.util.List.of());
            asked = new LocalRequest(request, ids, topK(request.sampling().extra()), stream);
        } catch (NumberFormatException e) {
            return refused("extra." + TOP_K + " must be a whole number, 0 for all tokens; " + e.getMessage());
        } catch (TemplateException | RenderException e) {
            return refused("the model's template refuses this conversation: " + e.getMessage());
        } catch (IllegalArgumentException e) { // a token that it has no embedding for
            return refused(String.valueOf(e.getMessage()));
        }
        int most = student.config().maxPositions();
        if (asked.ids.length >= most) {
            return refused("the prompt has " + asked.ids.length + " tokens, the model reads " + most);
        }
        queue.add(asked);
        if (closed) {
            cancelAll(); // the worker may have looked before this one came
        }
        return asked.exchange.join();
    }

    private static Exchange refused(String detail) {
        return new Exchange(new Outcome.BadRequest(400, detail, RetryAdvice.NONE), Received.NOTHING, Duration.ZERO);
    }

    private void work() {
        try {
            while (!closed) {
                LocalRequest next = queue.poll(50, TimeUnit.MILLISECONDS);
                if (next != null) {
                    queue.addFirst(next);
                    answerTogether(next);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) { // told to all who wait: nothing more can be answered
            closed = true;
            running.values().forEach(asked -> asked.exchange.completeExceptionally(e));
            queue.forEach(asked -> asked.exchange.completeExceptionally(e));
        } finally {
            cancelAll();
            if (generator != null) {
                generator.close();
            }
        }
    }

    /** Answers what is waiting, and what comes meanwhile, until there is a pause or one that needs a longer cache. */
    private void answerTogether(LocalRequest first) {
        Generator ready = generatorFor(first);
        ready.generate(
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        LocalRequest head = closed ? null : queue.peek();
                        return head != null && fits(head);
                    }

                    @Override
                    public GenerationRequest next() {
                        return begin(queue.remove());
                    }
                },
                (row, id, logProbability) -> {
                    LocalRequest asked = asked(row);
                    if (!student.endIds().contains(id)) {
                        asked.stream.add(id);
                    }
                    return !closed;
                },
                generation -> done(asked(generation.row()), generation));
    }

    private LocalRequest asked(long row) {
        LocalRequest asked = running.get(row);
        if (asked == null) {
            throw new IllegalStateException("local teacher: row " + row + " is not among those that are answered");
        }
        return asked;
    }

    private boolean fits(LocalRequest asked) {
        return Math.min(asked.length(), student.config().maxPositions()) <= positions;
    }

    private Generator generatorFor(LocalRequest first) {
        Generator ready = generator;
        if (ready == null || !fits(first)) {
            if (ready != null) {
                ready.close();
                generator = null;
            }
            long wanted = (first.length() + (long) STEP - 1) / STEP * STEP;
            positions = (int) Math.min(student.config().maxPositions(), wanted);
            ready = new Generator(student.model(), slots, positions);
            generator = ready;
        }
        return ready;
    }

    private GenerationRequest begin(LocalRequest asked) {
        var sampling = asked.request.sampling();
        long row = rows++;
        running.put(row, asked);
        time.begin(row);
        // the name of the conversation, so that no two of them are written by the same dice
        String prompt = Prompt.of(asked.request.messages(), null, "").id();
        return new GenerationRequest(
                row,
                asked.ids,
                new Sampling(sampling.temperature(), asked.topK, sampling.topP()),
                TextGenerator.seed(sampling.seed().orElse(0), prompt, asked.request.sample()),
                sampling.maxTokens(),
                student.endIds());
    }

    /** Of the request's further fields; 0, all tokens, where it is not among them. */
    private static int topK(Map<String, String> extra) {
        return Math.max(0, Integer.parseInt(extra.getOrDefault(TOP_K, "0").strip()));
    }

    private void done(LocalRequest asked, Generation generation) {
        running.remove(generation.row());
        asked.took = Math.round(SECOND * time.end(generation.row()));
        asked.stream.finish();
        TextGenerator.Text text = TextGenerator.text(generation, asked.stream);
        int thought = student.language().tokenizer().encode(text.reasoning()).length;
        Usage usage = new Usage(asked.ids.length, 0, text.newTokens(), Math.min(thought, text.newTokens()));
        Received received = new Received(text.reasoning(), text.answer(), text.newTokens(), usage);
        if (generation.finish() == Generation.Finish.CANCELLED) {
            asked.end(new Outcome.CutStream(Outcome.Cut.CANCELLED, ""), received);
            return;
        }
        String reasoning = text.reasoning().isEmpty() ? null : text.reasoning();
        Reply reply = new Reply(reasoning, text.answer(), text.answer(), text.finish(), student.name());
        asked.end(new Outcome.Completed(reply), received);
    }

    private void cancelAll() {
        for (LocalRequest asked = queue.poll(); asked != null; asked = queue.poll()) {
            asked.end(new Outcome.CutStream(Outcome.Cut.CANCELLED, ""), Received.NOTHING);
        }
    }

    /** Waits for the token that is being computed. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
