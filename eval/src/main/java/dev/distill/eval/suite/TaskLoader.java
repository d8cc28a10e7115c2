package dev.distill.eval.suite;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.intake.RowFile;
import dev.distill.data.shard.FileEntry;
import dev.distill.eval.task.Origin;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link Task} of a task file and the data that it names: rows become questions, files are hashed, the card says licence and version. */
public final class TaskLoader {
    private static final Logger LOG = LoggerFactory.getLogger(TaskLoader.class);

    private final TaskFile file;
    private final RowQuestion rows;
    private final int limit;
    private final Map<String, Question> questions = new LinkedHashMap<>();
    private final SortedMap<String, Integer> left = new TreeMap<>();
    private final TestsMemory memory = TestsMemory.ofThisMachine();
    private int duplicates;

    private TaskLoader(TaskFile file, Asking asking) {
        this.file = file;
        this.rows = new RowQuestion(file, asking.system());
        this.limit = asking.limit();
    }

    /**
     * How it is asked.
     *
     * @param protocol whose way that is, in words; empty for nobody's
     * @param system prompt; null for none
     * @param limit at most so many questions, the first ones; {@link Integer#MAX_VALUE} for all
     */
    public record Asking(
            Decoding decoding, String protocol, @Nullable String system, int limit) {
        /** Every question, as this protocol has it. */
        public static Asking of(Protocol protocol, TaskFile file, long seed) {
            return new Asking(protocol.decoding(file, seed), protocol.name(), protocol.system(), Integer.MAX_VALUE);
        }
    }

    /**
     * Reads the questions.
     *
     * @param data see {@link TaskData#find}
     * @throws dev.distill.data.intake.IntakeException if rows cannot be used; it names all of them
     * @throws SuiteException if no question is left
     */
    public static Task load(TaskFile file, TaskData data, Asking asking) throws IOException {
        TaskLoader loader = new TaskLoader(file, asking);
        SortedMap<String, String> hashes = new TreeMap<>();
        for (Path path : data.files()) {
            hashes.put(data.root().relativize(path).toString().replace('\\', '/'), FileEntry.sha256(path));
            RowFile.read(path, loader::take);
        }
        loader.tell();
        List<Question> asked = List.copyOf(loader.questions.values());
        if (asked.isEmpty()) {
            throw new SuiteException(
                    "task " + file.name(),
                    List.of("its data has no question that can be asked"
                            + (loader.left.isEmpty() ? "" : "; left out: " + loader.leftOut())));
        }
        Origin origin = new Origin(file.data().title(), data.version(), data.licence(), hashes);
        return new Task(file.name(), file.grading(), asked, asking.decoding(), origin, asking.protocol());
    }

    private void take(JsonNode node) {
        Row row = new Row(node);
        if (questions.size() >= limit || !file.keep().stream().allMatch(range -> range.holds(row, file))) {
            return; // tests of programs take megabytes: what is not asked is not kept
        }
        Optional<LeftOut> out =
                file.leaveOut().stream().filter(one -> one.holds(row)).findFirst();
        if (out.isPresent()) {
            left.merge(out.get().toString(), 1, Integer::sum);
            return;
        }
        Question question;
        try {
            question = rows.of(row);
        } catch (CodeReference.NoTests e) { // its answers could not be graded; the others can
            left.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
            return;
        }
        memory.take(file.name(), question);
        Question earlier = questions.putIfAbsent(question.id(), question);
        if (earlier != null) {
            duplicates++;
            if (!Objects.equals(earlier.prompt().reference(), question.prompt().reference())) {
                LOG.warn(
                        "task {}: a question stands twice in the data with different answers: {}",
                        file.name(),
                        row.id(file));
            }
        }
    }

    private void tell() {
        if (duplicates > 0) {
            LOG.info("task {}: {} questions stand in the data twice and are asked once", file.name(), duplicates);
        }
        if (!left.isEmpty()) {
            LOG.warn("task {}: questions are left out: {}", file.name(), leftOut());
        }
    }

    /** {@code 3 for input_mode=file, 1 for having no tests in official_tests}. */
    private String leftOut() {
        List<String> counts = new ArrayList<>();
        left.forEach((why, count) -> counts.add(count + " for " + why));
        return String.join(", ", counts);
    }
}
