package dev.distill.respond;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.tokenize.StreamDecoder;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Hash;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Continues texts with a student: text in, text out as it is written, reasoning apart from the answer. */
public final class TextGenerator {
    private final Student student;
    private final int slots;

    /** @param slots rows decoded at a time; they share one cache of slots x positions */
    public TextGenerator(Student student, int slots) {
        this.student = student;
        this.slots = slots;
    }

    /**
     * One text to be continued.
     *
     * @param text as the model is to read it, its template applied
     * @param start where the reasoning begins; null where none is told apart, and all is answer
     * @param seed of this row alone, see {@link #seed}
     */
    public record Request(
            String text, ReasoningSplitter.@Nullable Start start, Sampling sampling, long seed, int maxNewTokens) {}

    /**
     * A continuation.
     *
     * @param row index of its request
     * @param reasoning empty where there is none
     * @param newTokens an end token counts
     */
    public record Text(int row, String reasoning, String answer, FinishReason finish, int newTokens) {}

    /** Hears every piece of text as it is written. */
    @FunctionalInterface
    public interface Listener {
        Listener NONE = (row, piece) -> {};

        void piece(int row, ReasoningSplitter.Piece piece);
    }

    /** Of seed, prompt and sample alone, so that a row's text does not depend on what else is asked. */
    public static long seed(long seed, String promptId, int sample) {
        return Long.parseUnsignedLong(
                Hash.of(List.of(Long.toString(seed), promptId, Integer.toString(sample)))
                        .substring(0, 16),
                16);
    }

    /**
     * Every request to its end; results as they end. Rows are cut where the model has no more positions; one whose prompt
     * alone is longer has no text.
     *
     * @param stop asked at each token; once true, no request is begun, and those under way end without a result
     */
    public void generate(List<Request> requests, BooleanSupplier stop, Listener listener, Consumer<Text> done) {
        if (requests.isEmpty()) {
            return;
        }
        List<GenerationRequest> rows = new ArrayList<>();
        List<Stream> streams = new ArrayList<>();
        int most = student.config().maxPositions();
        int positions = 1;
        for (Request request : requests) {
            int[] ids = student.language().tokenizer().encode(request.text());
            if (ids.length <= most) { // a longer one needs none: it is cut at once
                positions = (int) Math.min(most, Math.max(positions, (long) ids.length + request.maxNewTokens()));
            }
            streams.add(new Stream(student, request.start()));
            rows.add(new GenerationRequest(
                    rows.size(), ids, request.sampling(), request.seed(), request.maxNewTokens(), student.endIds()));
        }
        try (Generator generator = new Generator(student.model(), Math.min(slots, rows.size()), positions)) {
            generator.generate(
                    rows.stream().takeWhile(row -> !stop.getAsBoolean()).iterator(),
                    (row, id, logProbability) -> {
                        if (!student.endIds().contains(id)) {
                            listener.piece((int) row, streams.get((int) row).add(id));
                        }
                        return !stop.getAsBoolean();
                    },
                    generation -> {
                        if (generation.finish() == Generation.Finish.CANCELLED) {
                            return;
                        }
                        int row = (int) generation.row();
                        listener.piece(row, streams.get(row).finish());
                        done.accept(streams.get(row).text(generation));
                    });
        }
    }

    /** A row's ids on their way to text. */
    private static final class Stream {
        private final StreamDecoder decoder;
        private final @Nullable ReasoningSplitter splitter;
        private final StringBuilder reasoning = new StringBuilder();
        private final StringBuilder answer = new StringBuilder();

        Stream(Student student, ReasoningSplitter.@Nullable Start start) {
            decoder = new StreamDecoder(student.language().tokenizer(), false);
            splitter = start == null
                    ? null
                    : new ReasoningSplitter(ThinkMarkers.THINK, start, ReasoningSplitter.Whitespace.TRIM);
        }

        ReasoningSplitter.Piece add(int id) {
            String text = decoder.add(id);
            return kept(splitter == null ? new ReasoningSplitter.Piece("", text) : splitter.add(text));
        }

        ReasoningSplitter.Piece finish() {
            String rest = decoder.finish();
            if (splitter == null) {
                return kept(new ReasoningSplitter.Piece("", rest));
            }
            ReasoningSplitter.Piece last = splitter.add(rest);
            ReasoningSplitter.Piece end = splitter.finish();
            return kept(new ReasoningSplitter.Piece(last.reasoning() + end.reasoning(), last.answer() + end.answer()));
        }

        private ReasoningSplitter.Piece kept(ReasoningSplitter.Piece piece) {
            reasoning.append(piece.reasoning());
            answer.append(piece.answer());
            return piece;
        }

        Text text(Generation generation) {
            FinishReason finish = switch (generation.finish()) {
                case END -> FinishReason.STOP;
                case LENGTH -> FinishReason.LENGTH;
                case CANCELLED -> FinishReason.OTHER;
            };
            return new Text(
                    (int) generation.row(), reasoning.toString(), answer.toString(), finish, generation.ids().length);
        }
    }
}
