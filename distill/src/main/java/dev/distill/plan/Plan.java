package dev.distill.plan;

import dev.distill.data.trace.Money;
import dev.distill.plan.Workload.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an experiment will take.
 *
 * @param model the student, and where its shape is known from
 * @param job its training
 * @param workload what there is to train on
 * @param load a step, in the mean
 * @param course how many steps
 * @param memory part by part
 * @param room that there is for it
 * @param speed of the parts of a step
 * @param money that the harvest costs at most; empty where nothing is bought
 * @param notes what a person should know of these figures, and what does not fit, with its cure
 */
public record Plan(
        String model,
        TrainingJob job,
        Workload workload,
        Load load,
        Course course,
        TrainingMemory memory,
        Room room,
        Speed speed,
        Disk disk,
        Optional<Money> money,
        List<String> notes) {
    private static final long MIB = 1L << 20;

    public Plan {
        notes = List.copyOf(notes);
    }

    /**
     * A training's way.
     *
     * @param steps updates
     * @param validations forward passes over the samples that are held back
     * @param heldBack their number
     */
    public record Course(int steps, int validations, long heldBack) {}

    /**
     * What there is.
     *
     * @param memory bytes
     * @param heap bytes that Java may take of it
     * @param disk bytes that are free
     * @param card whose memory it is; empty for the machine's own
     */
    public record Room(long memory, long heap, long disk, Optional<Accelerator> card) {}

    /** Positions that pass through the model, over all steps. */
    public long tokens() {
        return Math.round(load.tokens() * course.steps());
    }

    /** Of training: steps and validations. */
    public double seconds() {
        double ofSteps = course.steps() * speed.stepSeconds(load);
        double ofOneValidation = speed.forwardSeconds(load) * course.heldBack() / load.sequences();
        return ofSteps + course.validations() * ofOneValidation;
    }

    /** Bytes that must be there at one time: on a card without what the program itself takes beside it. */
    public long needed() {
        return needed(memory);
    }

    private long needed(TrainingMemory any) {
        return room.card().isPresent() ? any.onCard() : any.least();
    }

    /** Whether the training fits. */
    public boolean fits() {
        return needed() <= room.memory() && data() <= room.heap() && disk.total() <= room.disk();
    }

    private long data() {
        return memory.part("data");
    }

    /** The same plan with a note on everything that does not fit, and how it would. @param account of such trainings here */
    public Plan judged(int row, TrainingMemory.Account account) {
        List<String> all = new ArrayList<>(notes);
        if (needed() > room.memory()) {
            all.add("memory: needs %,d MiB, there are %,d".formatted(needed() / MIB, room.memory() / MIB));
            double sample = load.tokens() / load.sequences();
            all.addAll(Cures.of(job, row, sample, room.memory(), (other, tokens) -> needed(account.of(other, tokens))));
        } else if (memory.total() > room.memory() && room.card().isEmpty()) {
            all.add(
                    "memory: of %,d MiB of weights in their file not all find room; the others are read from the disk at each pass, which is not in the time"
                            .formatted(memory.mapped() / MIB));
        }
        if (data() > room.heap()) {
            all.add(
                    "memory: the index of the samples needs %,d MiB of Java's heap, which may have %,d; DISTILL_JAVA_OPTS=-Xmx%dm gives it more, or take fewer traces (prompts.limit, curate.per-prompt)"
                            .formatted(data() / MIB, room.heap() / MIB, data() / MIB * 5 / 4 + 256));
        }
        if (disk.total() > room.disk()) {
            all.add("disk: needs %,d MiB, there are %,d; give another folder (--dir)"
                    .formatted(disk.total() / MIB, room.disk() / MIB));
        }
        if (room.card().isPresent()) {
            all.add("gpu: this release computes on the processor alone; these figures are what %s would take"
                    .formatted(room.card().get().name()));
        }
        return new Plan(model, job, workload, load, course, memory, room, speed, disk, money, all);
    }
}
