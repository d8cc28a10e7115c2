package dev.distill.train.teach;

import dev.distill.data.pack.Packed;
import dev.distill.data.pack.Sample;
import dev.distill.data.trace.Hash;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.CrossEntropy;
import dev.distill.student.ops.Distillation;
import dev.distill.student.ops.Sequences;
import dev.distill.student.ops.SoftTargets;
import dev.distill.train.BatchSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * On-policy distillation (GKD, Agarwal et al. 2023, arXiv:2306.13649, algorithm 1): in a share of the steps the student continues prompts itself, and
 * learns what the teacher expects along what it has written, its own mistakes among it; the other steps have the traces. A step's texts follow from
 * its number, the seed and the weights as they are, so a run that goes on writes the same. A step of which the teacher says nothing at all has the
 * traces instead.
 */
public final class OnPolicyBatches implements BatchSource {
    private static final int MOST_SLOTS = 16;

    private final BatchSource traces;
    private final Settings settings;
    private final Decoder student;
    private final TeacherVoice teacher;
    private final OwnPrompts prompts;
    private final Set<Integer> endIds;

    /** Steps of the student's own that have the traces instead. */
    private final BitSet silent = new BitSet();

    /**
     * How.
     *
     * @param share of the steps that are the student's own, 0 to 1
     * @param texts that a step writes
     * @param newTokens where a text is cut
     * @param temperature at which the student writes
     * @param rowTokens the most tokens of one row; a prompt that leaves no room for a new token is passed over
     * @param how the student's distance from the teacher is taken; of its own texts the teacher's word alone counts, the share is 1
     */
    public record Settings(
            double share, int texts, int newTokens, double temperature, int rowTokens, long seed, Distillation how) {
        public Settings {
            how = new Distillation(how.divergence(), how.temperature(), 1);
        }
    }

    /**
     * @param traces what the other steps are
     * @param prompts whose samples' first tokens, up to the first that is trained, are continued
     * @throws IllegalArgumentException if no prompt leaves room in a row
     * @param endIds end a text
     */
    public OnPolicyBatches(
            BatchSource traces,
            Settings settings,
            Decoder student,
            TeacherVoice teacher,
            TaughtSamples prompts,
            Set<Integer> endIds)
            throws IOException {
        this.traces = traces;
        this.settings = settings;
        this.student = student;
        this.teacher = teacher;
        this.prompts = OwnPrompts.of(prompts, settings.rowTokens(), teacher.readsMessages());
        this.endIds = Set.copyOf(endIds);
    }

    @Override
    public List<PackedRow> step(int step) {
        SplittableRandom random = random(step);
        if (!isOwn(random)) {
            return traces.step(step);
        }
        List<PackedRow> own = pack(write(random));
        silent.set(step, own.isEmpty());
        return own.isEmpty() ? traces.step(step) : own;
    }

    /** What the step had: known once it was made. */
    private boolean hasTraces(int step) {
        return !isOwn(random(step)) || silent.get(step);
    }

    private SplittableRandom random(int step) {
        return new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() + step);
    }

    /** The first number that is drawn for a step decides whose texts it has. */
    private boolean isOwn(SplittableRandom random) {
        return random.nextDouble() < settings.share();
    }

    /** Of the prompts, by number; the seed is that of the text behind it. */
    private record Asked(int number, long seed) {}

    private List<Asked> asked(SplittableRandom random) {
        return IntStream.range(0, settings.texts())
                .mapToObj(text -> new Asked(random.nextInt(prompts.size()), random.nextLong()))
                .toList();
    }

    private List<TeacherVoice.Written> write(SplittableRandom random) {
        List<Asked> asked = asked(random);
        List<GenerationRequest> requests = new ArrayList<>();
        for (int row = 0; row < asked.size(); row++) {
            requests.add(request(
                    row, prompts.ids(asked.get(row).number()), asked.get(row).seed()));
        }
        int longest = requests.stream()
                .mapToInt(request -> request.prompt().length + request.maxNewTokens())
                .max()
                .orElseThrow();
        int positions = Math.min(longest, student.config().maxPositions());
        student.ops().keepRowsApart(false); // a step's batch is always the same
        try (Generator generator = new Generator(student, Math.min(MOST_SLOTS, requests.size()), positions)) {
            return generator.generate(requests, (row, id, logProbability) -> true).stream()
                    .filter(done -> done.ids().length > 0)
                    .map(done -> written(asked.get((int) done.row()).number(), requests.get((int) done.row()), done))
                    .toList();
        } finally {
            student.ops().keepRowsApart(true);
        }
    }

    private GenerationRequest request(int row, int[] prompt, long seed) {
        int room = Math.min(settings.newTokens(), settings.rowTokens() - prompt.length);
        return new GenerationRequest(row, prompt, new Sampling(settings.temperature(), 0, 1), seed, room, endIds);
    }

    /** The text behind its prompt. */
    private TeacherVoice.Written written(int number, GenerationRequest request, Generation done) {
        int from = request.prompt().length;
        int[] ids = Arrays.copyOf(request.prompt(), from + done.ids().length);
        System.arraycopy(done.ids(), 0, ids, from, done.ids().length);
        Sample sample = new Sample(prompts.traceId(number), ids, List.of(new Sample.Span(from, ids.length)));
        return new TeacherVoice.Written(prompts.messages(number), sample, done.finish() == Generation.Finish.END);
    }

    /** As many texts to a row as fit, in their order; rows of which the teacher says nothing teach nothing. */
    private List<PackedRow> pack(List<TeacherVoice.Written> texts) {
        List<PackedRow> rows = new ArrayList<>();
        List<TeacherVoice.Written> together = new ArrayList<>();
        int tokens = 0;
        for (TeacherVoice.Written text : texts) {
            int length = text.sample().length();
            if (!together.isEmpty() && tokens + length > settings.rowTokens()) {
                rows.add(row(together));
                together.clear();
                tokens = 0;
            }
            together.add(text);
            tokens += length;
        }
        if (!together.isEmpty()) {
            rows.add(row(together));
        }
        return rows.stream().filter(row -> row.targets() > 0).toList();
    }

    /** The student's own word is no target: where the teacher says nothing, nothing is trained. */
    private PackedRow row(List<TeacherVoice.Written> texts) {
        Packed packed =
                Packed.of(texts.stream().map(TeacherVoice.Written::sample).toList());
        SoftTargets soft = TaughtRow.targets(packed, teacher.read(texts), settings.how());
        int[] targets = packed.targets().clone();
        for (int n = 0; n < targets.length; n++) {
            if (!soft.has(n)) {
                targets[n] = CrossEntropy.NO_TARGET;
            }
        }
        return new PackedRow(packed.ids(), targets, new Sequences(packed.starts()), soft);
    }

    @Override
    public int dropped(int step) {
        return hasTraces(step) ? traces.dropped(step) : 0;
    }

    /** Of its own step the traces whose prompts it continues. */
    @Override
    public List<String> traceIds(int step) {
        if (hasTraces(step)) {
            return traces.traceIds(step);
        }
        SplittableRandom random = random(step);
        isOwn(random); // draws
        return asked(random).stream()
                .map(asked -> prompts.traceId(asked.number()))
                .distinct()
                .toList();
    }

    @Override
    public SequencedMap<String, String> identity() {
        SequencedMap<String, String> parts = new LinkedHashMap<>(traces.identity());
        parts.put("on-policy", settings.toString());
        return parts;
    }

    @Override
    public String fingerprint() {
        return Hash.of(List.of(traces.fingerprint(), settings.toString(), "on-policy"));
    }
}
