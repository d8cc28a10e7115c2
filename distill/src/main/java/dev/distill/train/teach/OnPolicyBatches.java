package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * On-policy distillation (GKD, Agarwal et al. 2023, arXiv:2306.13649, algorithm 1): in a share of the steps the student continues prompts itself, and
 * learns what the teacher expects along what it has written, its own mistakes among it; the other steps have the traces. A step's texts follow from
 * its number, the seed and the weights as they are, so a run that goes on writes the same.
 */
public final class OnPolicyBatches implements BatchSource {
    private static final int MOST_SLOTS = 16;

    private final BatchSource traces;
    private final Settings settings;
    private final Decoder student;
    private final TeacherVoice.OfIds teacher;
    private final Samples prompts;
    private final Set<Integer> endIds;

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
     * @param prompts samples whose first tokens, up to the first that is trained, are continued
     * @param endIds end a text
     */
    public OnPolicyBatches(
            BatchSource traces,
            Settings settings,
            Decoder student,
            TeacherVoice.OfIds teacher,
            Samples prompts,
            Set<Integer> endIds) {
        this.traces = traces;
        this.settings = settings;
        this.student = student;
        this.teacher = teacher;
        int[] withRoom = IntStream.range(0, prompts.size())
                .filter(i -> prompts.length(i) <= settings.rowTokens()
                        || promptLength(prompts.get(i)) < settings.rowTokens())
                .toArray();
        this.prompts = prompts.select(withRoom);
        this.endIds = Set.copyOf(endIds);
        if (withRoom.length == 0) {
            throw new IllegalArgumentException("on-policy: no prompt leaves room in a row of " + settings.rowTokens()
                    + " tokens; raise train.row-tokens");
        }
    }

    private static int promptLength(Sample sample) {
        return sample.trained().getFirst().from();
    }

    @Override
    public List<PackedRow> step(int step) {
        SplittableRandom random = random(step);
        return isOwn(random) ? pack(write(random)) : traces.step(step);
    }

    private SplittableRandom random(int step) {
        return new SplittableRandom(new SplittableRandom(settings.seed()).nextLong() + step);
    }

    /** The first number that is drawn for a step decides whose texts it has. */
    private boolean isOwn(SplittableRandom random) {
        return random.nextDouble() < settings.share();
    }

    /** The student's texts, each behind its prompt. */
    private List<GenerationRequest> requests(SplittableRandom random) {
        List<GenerationRequest> requests = new ArrayList<>();
        for (int row = 0; row < settings.texts(); row++) {
            Sample sample = prompts.get(random.nextInt(prompts.size()));
            int[] prompt = Arrays.copyOf(sample.ids(), promptLength(sample));
            int room = Math.min(settings.newTokens(), settings.rowTokens() - prompt.length);
            Sampling sampling = new Sampling(settings.temperature(), 0, 1);
            requests.add(new GenerationRequest(row, prompt, sampling, random.nextLong(), room, endIds));
        }
        return requests;
    }

    private List<Text> write(SplittableRandom random) {
        List<GenerationRequest> requests = requests(random);
        int longest = requests.stream()
                .mapToInt(request -> request.prompt().length + request.maxNewTokens())
                .max()
                .orElseThrow();
        int positions = Math.min(longest, student.config().maxPositions());
        try (Generator generator = new Generator(student, Math.min(MOST_SLOTS, requests.size()), positions)) {
            List<Text> texts = new ArrayList<>();
            for (Generation done : generator.generate(requests, (row, id, logProbability) -> true)) {
                texts.add(new Text(requests.get((int) done.row()).prompt(), done.ids()));
            }
            return texts;
        }
    }

    private record Text(int[] prompt, int[] written) {
        int length() {
            return prompt.length + written.length;
        }
    }

    /** As many texts to a row as fit, in their order. */
    private List<PackedRow> pack(List<Text> texts) {
        List<PackedRow> rows = new ArrayList<>();
        List<Text> together = new ArrayList<>();
        int tokens = 0;
        for (Text text : texts) {
            if (text.written.length == 0) {
                continue;
            }
            if (tokens + text.length() > settings.rowTokens()) {
                rows.add(row(together));
                together.clear();
                tokens = 0;
            }
            together.add(text);
            tokens += text.length();
        }
        if (!together.isEmpty()) {
            rows.add(row(together));
        }
        return rows;
    }

    private PackedRow row(List<Text> texts) {
        Sequences sequences =
                Sequences.ofLengths(texts.stream().mapToInt(Text::length).toArray());
        int[] ids = new int[sequences.rows()];
        int[] targets = new int[ids.length];
        Arrays.fill(targets, CrossEntropy.NO_TARGET);
        for (int s = 0; s < texts.size(); s++) {
            Text text = texts.get(s);
            int written = sequences.start(s) + text.prompt.length;
            System.arraycopy(text.prompt, 0, ids, sequences.start(s), text.prompt.length);
            System.arraycopy(text.written, 0, ids, written, text.written.length);
            System.arraycopy(text.written, 0, targets, written - 1, text.written.length);
        }
        PackedRow row = new PackedRow(ids, targets, sequences);
        return new PackedRow(ids, targets, sequences, new SoftTargets(teacher.expect(row), settings.how()));
    }

    @Override
    public int dropped(int step) {
        return isOwn(random(step)) ? 0 : traces.dropped(step);
    }

    @Override
    public List<String> traceIds(int step) {
        return isOwn(random(step)) ? List.of() : traces.traceIds(step);
    }

    @Override
    public String fingerprint() {
        return Hash.of(List.of(traces.fingerprint(), settings.toString(), "on-policy"));
    }
}
