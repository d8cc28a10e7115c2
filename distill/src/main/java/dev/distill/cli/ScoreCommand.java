package dev.distill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.bench.ModelFolder;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.pipeline.Stop;
import dev.distill.respond.Student;
import dev.distill.student.ops.Ops;
import dev.distill.train.Computing;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code distill score}: how likely a model finds given texts. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Log-probabilities of given texts.",
            "Each line of the input is one of",
            "  {\"text\": ..}                      every token but the first counts",
            "  {\"prompt\": .., \"completion\": ..}  the completion's tokens count; each part",
            "                                    is tokenised on its own, then joined",
            "  {\"ids\": [..]}                     token ids; all but the first count",
            "Texts are taken as they are: no chat template, no special token added.",
            "In place of a model the name of a shape such as qwen2.5-0.5b may stand (docs/cli.md names them all): random"
                    + " weights of that shape, for measuring; its tokens are bytes.",
            "Each line of the output: ids, logprobs (natural logarithm; one fewer than ids, the first"
                    + " belongs to the second id), sum and count over the tokens that count; with --top-k"
                    + " top_ids and top_logprobs, the k likeliest tokens at each of those places.",
            "With --distributions the input is a folder of traces, and what is written is a teacher's word on the samples"
                    + " that a student makes of them, in the student's template and ids.",
            "Lines are written as they are done. An output that is there already is gone on with, after its last line"
                    + " has been computed again and compared."
        },
        footer = {
            "",
            "Example:",
            "  echo '{\"prompt\":\"2 + 2 =\",\"completion\":\" 4\"}' > in.jsonl",
            "  distill score --model models/student --input in.jsonl --output out.jsonl",
            "  distill score --model models/teacher --input runs/a/curate --student models/student --top-k 50"
                    + " --distributions teacher"
        })
final class ScoreCommand implements Callable<Integer>, Checked {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** In place of a path that is not given. */
    private static final Path NONE = Path.of("");

    @Mixin
    ConsoleOptions options = new ConsoleOptions();

    @Mixin
    ModelOptions models = new ModelOptions();

    @Mixin
    ShapeOptions shapes = new ShapeOptions();

    @Mixin
    ComputeOptions compute = new ComputeOptions(ComputeOptions.Word.FLOAT);

    @Mixin
    DistributionOptions distributions = new DistributionOptions();

    @Option(
            names = {"-i", "--input"},
            required = true,
            paramLabel = "FILE",
            description = "JSON lines to score; with --distributions a folder of traces.")
    Path input = NONE;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where the scores go, line by line as in the input.")
    Path output = NONE;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "The k likeliest tokens at each place (${DEFAULT-VALUE}).")
    int topK;

    @Option(
            names = "--logits",
            paramLabel = "DIR",
            description =
                    "Also every logit: a safetensors file a line (000000.safetensors is the first), with the tensor"
                            + " logits [tokens, vocabulary].")
    @Nullable
    Path logits;

    @Override
    public void check(Problems problems) {
        models.check(problems);
        compute.check(problems);
        problems.least("--top-k", topK, 0);
        distributions.check(problems, input, !output.equals(NONE), topK);
        if (!input.equals(NONE) && distributions.folder == null && Files.isDirectory(input)) {
            problems.add("--input " + input + ": is a folder; give a file of JSON lines");
        }
        if (!output.equals(NONE) && Files.exists(output) && !Files.isRegularFile(output)) {
            problems.add("--output " + output
                    + ": must be a file, for a run that was cut is gone on with after its last line");
        }
    }

    @Override
    public Integer call() throws Exception {
        return distributions.folder == null
                ? scoreLines()
                : new DistributionScores(distributions, models, input, topK).call(compute, options.console());
    }

    private int scoreLines() throws Exception {
        long lines = ScoreInput.check(input);
        Console console = options.console();
        Computing computing = compute.computing(console);
        Stop stop = new Stop();
        return Interrupt.during(stop, console, () -> {
            try (ModelFolder folder = shapes.folder(models.model.given, 0, console);
                    Ops ops = computing.ops();
                    Student student = models.open(folder.path().toString(), ops, console, stop);
                    Progress progress = console.progress("score", lines)) {
                ObjectNode result =
                        score(student, lines, stop, console, progress).put("compute", Computing.name(computing.type()));
                progress.close();
                console.print(Figures.text(result));
                console.result(result);
            }
            return ExitCode.DONE;
        });
    }

    private ObjectNode score(Student student, long lines, Stop stop, Console console, Progress progress)
            throws IOException {
        Scorer scorer = new Scorer(student.model(), topK);
        @Nullable LogitFiles files = logits == null ? null : LogitFiles.in(logits);
        Tokenizer tokenizer = student.language().tokenizer();
        ScoreInput.check(input, student.config());
        double sum = 0;
        long count = 0;
        long done = 0;
        int number = 0;
        List<Integer> empty = new ArrayList<>(); // lines that no token counts of
        try (ScoreOutput scores = ScoreOutput.open(output);
                BufferedReader reader = Files.newBufferedReader(input)) {
            scores.requireAtMost(lines, input);
            progress.startAt(scores.written());
            for (String line = reader.readLine(); line != null && !stop.getAsBoolean(); line = reader.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                JsonNode earlier = scores.earlier(done);
                JsonNode score = earlier;
                if (score == null || done == scores.written() - 1) {
                    ScoreInput one =
                            ScoreInput.of(input + " line " + number, JSON.readTree(line), tokenizer, student.config());
                    score = scorer.score(one);
                    if (files != null) { // before the score, which says that the line is done
                        files.write(done, student.model(), one.ids());
                    }
                    scores.put(score, earlier);
                }
                sum += score.path("sum").asDouble();
                count += score.path("count").asLong();
                if (score.path("count").asLong() == 0) {
                    empty.add(number);
                }
                done++;
                progress.update(done);
            }
        }
        if (lines == 0) {
            console.warn(input + ": holds nothing to score");
        }
        if (!empty.isEmpty()) {
            console.warn(input + ": " + empty.size() + " of " + done
                    + " lines have no token that counts, and the sum 0;" + " the first is line " + empty.getFirst());
        }
        return JSON.createObjectNode()
                .put("model", student.name())
                .put("lines", done)
                .put("sum", sum)
                .put("count", count)
                .put("output", output.toString());
    }
}
