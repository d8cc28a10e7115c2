package dev.distill.train.watch;

import dev.distill.train.SampleReport;
import dev.distill.train.StepReport;
import dev.distill.train.TrainListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Event files for TensorBoard: the figures of every step as scalars, the student's samples as texts. Each process that trains
 * begins a file of its own; where it goes on after a step, the file says so, and TensorBoard forgets the later steps of the
 * files before it.
 *
 * <p>The fields are those of {@code event.proto}, {@code summary.proto} and {@code tensor.proto} of TensorBoard 2.
 */
final class TensorBoardLog implements TrainListener, AutoCloseable {
    private static final String VERSION = "brain.Event:2";
    private static final String PREFIX = "events.out.tfevents.";

    // Event
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;

    // SessionLog: status
    private static final int STATUS = 1;
    private static final int START = 1;

    // Summary: value; of a value:
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int TENSOR = 8;
    private static final int METADATA = 9;

    private final Path folder;
    private final InstantSource clock;
    private @Nullable RecordFile file;

    /** @param folder gets the files; {@code tensorboard --logdir} reads it */
    TensorBoardLog(Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
    }

    @Override
    public void begin(int done, int steps) {
        try {
            Files.createDirectories(folder);
            file = RecordFile.create(folder.resolve(newName()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        append(event(clock.instant()).text(FILE_VERSION, VERSION));
        if (done > 0) {
            append(event(clock.instant())
                    .whole(STEP, done + 1L)
                    .message(SESSION_LOG, new ProtoMessage().whole(STATUS, START)));
        }
    }

    /** After all that are there: TensorBoard reads them in the order of their names. */
    private String newName() throws IOException {
        long second = clock.instant().getEpochSecond();
        try (Stream<Path> files = Files.list(folder)) {
            long last = files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(PREFIX.replace(".", "\\.") + "\\d{10}\\..*"))
                    .mapToLong(name -> Long.parseLong(name.substring(PREFIX.length(), PREFIX.length() + 10)))
                    .max()
                    .orElse(0);
            return PREFIX + String.format(Locale.ROOT, "%010d", Math.max(second, last + 1)) + ".distill";
        }
    }

    @Override
    public void step(StepReport report) {
        StepReport.Learning learning = report.learning();
        StepReport.Cost cost = report.cost();
        ProtoMessage summary = new ProtoMessage();
        scalar(summary, "train/loss", learning.loss());
        scalar(summary, "train/cross_entropy", learning.teaching().crossEntropy());
        scalar(summary, "train/divergence", learning.teaching().divergence());
        scalar(summary, "train/grad_norm", learning.gradientNorm());
        if (report.step() > 0) {
            scalar(summary, "train/learning_rate", learning.learningRate());
            scalar(summary, "train/dropped_samples", learning.dropped());
        }
        scalar(summary, "validation/loss", learning.validation().all());
        learning.validation().byDomain().forEach((domain, loss) -> scalar(summary, "validation/loss/" + domain, loss));
        scalar(summary, "validation/score", learning.score().passAt1().value());
        scalar(summary, "validation/score_low", learning.score().passAt1().low());
        scalar(summary, "validation/score_high", learning.score().passAt1().high());
        scalar(summary, "speed/tokens_per_s", report.tokensPerSecond());
        scalar(summary, "speed/trained_tokens_per_s", report.trainedTokensPerSecond());
        scalar(summary, "speed/matmul_share", cost.matmulShare());
        scalar(summary, "memory/rss_mib", known(cost.memory().nowMib()));
        scalar(summary, "memory/peak_rss_mib", known(cost.memory().peakMib()));
        append(event(cost.at()).whole(STEP, report.step()).message(SUMMARY, summary));
    }

    private static double known(long mib) {
        return mib > 0 ? mib : Double.NaN;
    }

    private static void scalar(ProtoMessage summary, String tag, double value) {
        if (Double.isFinite(value)) {
            summary.message(VALUE, new ProtoMessage().text(TAG, tag).real(SIMPLE_VALUE, (float) value));
        }
    }

    @Override
    public void sample(SampleReport sample) {
        ProtoMessage value = new ProtoMessage()
                .text(TAG, "sample/" + sample.number())
                .message(TENSOR, strings(markdown(sample)))
                .message(METADATA, textPlugin());
        append(event(clock.instant())
                .whole(STEP, sample.step())
                .message(SUMMARY, new ProtoMessage().message(VALUE, value)));
    }

    /** The text plugin shows Markdown: an indented block is shown as it is. */
    private static String markdown(SampleReport sample) {
        String reasoning = sample.reasoning().isBlank() ? "" : "**Reasoning**\n\n" + block(sample.reasoning());
        return "**Question**\n\n" + block(sample.question()) + reasoning + "**Answer** (" + sample.newTokens()
                + " tokens, " + sample.finish() + ")\n\n" + block(sample.answer());
    }

    private static String block(String text) {
        return text.indent(4) + "\n";
    }

    /** A TensorProto: dtype DT_STRING (7), tensor_shape with one dim of size 1, string_val. */
    private static ProtoMessage strings(String text) {
        ProtoMessage dim = new ProtoMessage().whole(1, 1);
        return new ProtoMessage()
                .whole(1, 7)
                .message(2, new ProtoMessage().message(2, dim))
                .text(8, text);
    }

    /** A SummaryMetadata: plugin_data with plugin_name, data_class DATA_CLASS_TENSOR (2). */
    private static ProtoMessage textPlugin() {
        return new ProtoMessage().message(1, new ProtoMessage().text(1, "text")).whole(4, 2);
    }

    private static ProtoMessage event(Instant at) {
        return new ProtoMessage().real(WALL_TIME, at.toEpochMilli() / 1e3);
    }

    private void append(ProtoMessage event) {
        if (file == null) {
            throw new IllegalStateException("tensorboard " + folder + ": a step before the run's begin");
        }
        try {
            file.append(event.toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
