package dev.distill.respond;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Hash;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Generator;
import dev.distill.student.generate.Sampling;
import java.util.ArrayList;
import java.util.Iterator;
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
     * @param stops the answer ends before the first of these; none where empty
     */
    public record Request(
            String text,
            ReasoningSplitter.@Nullable Start start,
            Sampling sampling,
            long seed,
            int maxNewTokens,
            List<String> stops) {}

    /**
     * A continuation.
     *
     * @param row index of its request
     * @param reasoning empty where there is none
     * @param finish {@code STOP} after an end token or a stop string
     * @param newTokens an end token counts, and so does what was written of a stop string
     */
    public record Text(int row, String reasoning, String answer, FinishReason finish, int newTokens) {}

    /** Hears every piece of text as it is written, and decides whether its row goes on. */
    @FunctionalInterface
    public interface Listener {
        /** Lets every row go on to its end. */
        Listener NONE = (row, piece) -> true;

        /**
         * @param piece often empty, for what could be the beginning of something else is held back
         * @return false to cancel this row: no more of it is computed, and it has no result
         */
        boolean piece(int row, ReasoningSplitter.Piece piece);

        /** A row is begun: its prompt is read next. */
        default void begun(int row) {}
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
     * alone is longer has no text. A row ends with the token that completes a stop string.
     *
     * @param stop asked at each token; once true, no request is begun, and those under way end without a result
     * @throws IllegalArgumentException if a stop string is empty, or a text holds a token that the model does not have, before anything is computed
     */
    public void generate(List<Request> requests, BooleanSupplier stop, Listener listener, Consumer<Text> done) {
        if (requests.isEmpty()) {
            return;
        }
        List<GenerationRequest> rows = new ArrayList<>();
        List<ReplyStream> streams = new ArrayList<>();
        int most = student.config().maxPositions();
        int positions = 1;
        for (Request request : requests) {
            int[] ids = student.encode(request.text());
            if (ids.length <= most) { // a longer one needs none: it is cut at once
                positions = (int) Math.min(most, Math.max(positions, (long) ids.length + request.maxNewTokens()));
            }
            streams.add(ReplyStream.of(student.language(), request.start(), request.stops()));
            rows.add(new GenerationRequest(
                    rows.size(), ids, request.sampling(), request.seed(), request.maxNewTokens(), student.endIds()));
        }
        try (Generator generator = new Generator(student.model(), Math.min(slots, rows.size()), positions)) {
            generator.generate(
                    new Begun(rows.iterator(), stop, listener),
                    (row, id, logProbability) -> {
                        ReplyStream stream = streams.get((int) row);
                        boolean wanted = student.endIds().contains(id) || listener.piece((int) row, stream.add(id));
                        return wanted && !stream.stopped() && !stop.getAsBoolean();
                    },
                    generation -> {
                        int row = (int) generation.row();
                        ReplyStream stream = streams.get(row);
                        if (generation.finish() == Generation.Finish.CANCELLED && !stream.stopped()) {
                            return;
                        }
                        listener.piece(row, stream.finish());
                        done.accept(text(generation, stream));
                    });
        }
    }

    /** Rows as they are asked for, none once it is to stop. */
    private record Begun(Iterator<GenerationRequest> rows, BooleanSupplier stop, Listener listener)
            implements Iterator<GenerationRequest> {
        @Override
        public boolean hasNext() {
            return rows.hasNext() && !stop.getAsBoolean();
        }

        @Override
        public GenerationRequest next() {
            GenerationRequest row = rows.next();
            listener.begun((int) row.row());
            return row;
        }
    }

    /** A generation as text; {@code stream} has heard all of its ids. */
    static Text text(Generation generation, ReplyStream stream) {
        FinishReason finish = stream.reason(generation.finish());
        return new Text((int) generation.row(), stream.reasoning(), stream.answer(), finish, generation.ids().length);
    }
}
