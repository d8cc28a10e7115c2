package dev.distill.eval.suite;

import dev.distill.eval.task.Question;
import java.util.List;

/** Keeps the references of a task, of which tests of programs take gigabytes, within a part of this program's memory. */
final class TestsMemory {
    private static final int MIB = 20;

    private final long most;
    private long taken;

    /** @param most bytes of the references of one task together */
    TestsMemory(long most) {
        this.most = most;
    }

    /** Half of it; answers and a test that is being run need the rest. */
    static TestsMemory ofThisMachine() {
        return new TestsMemory(Runtime.getRuntime().maxMemory() / 2);
    }

    /** @throws SuiteException if this question's reference is too much */
    void take(String task, Question question) {
        String reference = question.prompt().reference();
        taken += reference == null ? 0 : reference.length();
        if (taken > most) {
            throw new SuiteException(
                    "task " + task,
                    List.of("the references of its questions, with their tests, must come to at most "
                            + (most >> MIB)
                            + " MiB, half of the memory that this program may take; ask fewer questions (eval.limit, or keep in a task file"
                            + " of your own), or give it more memory (-Xmx)"));
        }
    }
}
