package dev.distill.teacher.harvest;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Exchange;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.Teacher;
import dev.distill.teacher.TeacherRequest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A harvest of very many short replies, from a teacher in the same process that answers at once: what is left is the harvest's own
 * work. As a process of its own, for its heap. Prints a line for each tenth, and one for the end.
 */
final class ManyReplies implements Teacher, HarvestListener {
    private static final int PARTS = 10;

    private final int units;
    private final AtomicInteger asked = new AtomicInteger();
    private final long begin = ManagementFactory.getRuntimeMXBean().getStartTime();
    private int told = -1;

    private ManyReplies(int units) {
        this.units = units;
    }

    /** The folder, the number of units, the number in flight. */
    public static void main(String[] arguments) throws IOException {
        HarvestScene scene = new HarvestScene() {};
        scene.folder = Path.of(arguments[0]);
        int units = Integer.parseInt(arguments[1]);
        Limits limits = HarvestScene.QUICK.withInFlight(Integer.parseInt(arguments[2]));
        ManyReplies teacher = new ManyReplies(units);
        Harvester harvester =
                new Harvester(scene.config(URI.create("http://localhost"), 1, null, limits), () -> teacher);
        List<Prompt> prompts = HarvestScene.prompts(units);
        teacher.tell("prompts made");
        HarvestResult result = harvester.run(prompts, teacher);
        teacher.tell(result.completed() + " completed, " + result.requests() + " requests, "
                + result.shards().size() + " shards");
    }

    private void tell(String what) {
        System.gc();
        Runtime java = Runtime.getRuntime();
        System.out.printf(
                Locale.ROOT,
                "%s, %.1f s, %d MiB%n",
                what,
                (System.currentTimeMillis() - begin) / 1e3,
                (java.totalMemory() - java.freeMemory()) >> 20);
    }

    @Override
    public Exchange ask(TeacherRequest request) {
        int number = asked.incrementAndGet();
        if (number == 1) {
            tell("first request");
        }
        String question = request.messages().getLast().content();
        Usage usage = new Usage(20, 8, 50, 40);
        return new Exchange(
                new Outcome.Completed(
                        new Reply("thoughts of " + question, "answer", "answer", FinishReason.STOP, "m-1")),
                new Received("", "x", 1, usage),
                Duration.ZERO);
    }

    @Override
    public void progress(HarvestProgress progress) {
        int part = (int) ((long) PARTS * progress.completed() / units);
        if (part > told) {
            told = part;
            tell((part == 0 || asked.get() == 0 ? "opened: " : "") + progress.completed() + " completed");
        }
    }

    @Override
    public void close() {}
}
