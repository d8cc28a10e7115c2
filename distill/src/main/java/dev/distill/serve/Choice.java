package dev.distill.serve;

import dev.distill.data.template.ReasoningSplitter.Piece;
import dev.distill.data.trace.FinishReason;
import dev.distill.respond.ReplyStream;
import dev.distill.respond.TextGenerator;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.ops.TeacherRows;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** One answer while it is written: a row of the batch. */
final class Choice {
    private final Job job;
    private final int row;
    private final ReplyStream stream;
    private final Set<Integer> endIds;
    private final Deque<Placed> undecided = new ArrayDeque<>(); // not told yet, of reasoning or answer
    private boolean thought; // the reasoning has ended, and its tokens are told

    /** A token, and the character of the answer that it begins with, if it is of the answer. */
    private record Placed(Said.Token token, int place) {}

    Choice(Job job, int row) {
        this.job = job;
        this.row = row;
        Order order = job.order();
        this.stream = ReplyStream.of(
                order.lane().language(),
                order.prompt(row).start(),
                order.common().stops());
        this.endIds = order.lane().endIds();
    }

    Job job() {
        return job;
    }

    /** Whether its reader keeps up, or nobody reads it: then it ends with the next token. */
    boolean isWanted() {
        return !job.isHeld();
    }

    GenerationRequest request(long number) {
        Order order = job.order();
        Order.Prompt prompt = order.prompt(row);
        return new GenerationRequest(
                number,
                prompt.ids(),
                order.common().sampling(),
                TextGenerator.seed(
                        order.common().seed(),
                        prompt.seedName(),
                        prompt.firstSample() + row % order.common().n()),
                order.maxNewTokens(),
                endIds,
                order.told().likeliest());
    }

    /** The next token. @return false if no more are wanted */
    boolean token(int id, float logProbability, TeacherRows likeliest) {
        if (!job.isOpen()) {
            return false;
        }
        if (endIds.contains(id)) {
            return true;
        }
        if (job.order().told().logprobs()) {
            undecided.add(new Placed(new Said.Token(id, logProbability, likeliest), stream.come()));
        }
        Said said = said(stream.add(id), false);
        return (said.isEmpty() || job.sink().said(row, said)) && !stream.stopped();
    }

    /** All of it is written. */
    void done(Generation generation) {
        if (generation.finish() == Generation.Finish.CANCELLED && !stream.stopped()) {
            job.cancel();
            return;
        }
        Said rest = said(stream.finish(), true);
        if (!rest.isEmpty()) {
            job.sink().said(row, rest);
        }
        FinishReason finish = stream.reason(generation.finish());
        job.ended(row, new Said.End(finish.word(), generation.ids().length, stream.reasoningTokens()));
    }

    private Said said(Piece piece, boolean last) {
        List<Said.Token> reasoning = List.of();
        List<Said.Token> answer = List.of();
        if (!undecided.isEmpty() && (last || stream.isDecided())) {
            boolean ofReasoning = stream.isReasoning() || (!thought && stream.reasoningTokens() > 0);
            if (ofReasoning) {
                reasoning = taken(Integer.MAX_VALUE);
            } else {
                answer = taken(last && !stream.stopped() ? Integer.MAX_VALUE : stream.decided());
            }
        }
        thought = stream.isDecided() && !stream.isReasoning();
        return new Said(piece.reasoning(), piece.answer(), reasoning, answer);
    }

    /** Those that begin before this character: a token that may belong to a stop text is not told before it is known not to. */
    private List<Said.Token> taken(int before) {
        List<Said.Token> taken = new ArrayList<>();
        while (!undecided.isEmpty() && undecided.element().place < before) {
            taken.add(undecided.remove().token);
        }
        return taken;
    }
}
