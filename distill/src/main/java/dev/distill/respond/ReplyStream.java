package dev.distill.respond;

import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.ReasoningSplitter.Piece;
import dev.distill.data.template.ReasoningSplitter.Whitespace;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.template.TrimmedText;
import dev.distill.data.tokenize.StreamDecoder;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.FinishReason;
import dev.distill.student.generate.Generation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reply's ids on their way to text: half characters, halves of markers and of stop strings, and white space that may be
 * the last are held back until they are decided.
 *
 * <p>Stop strings end the answer; reasoning does not end at one, for it is full of the line breaks and headings that one
 * would stop an answer at. (vLLM looks for them in all of the text.) They are looked for from the answer's first character
 * that is no white space on. Where no reasoning is told apart, all text is answer, and stays as it is.
 */
public final class ReplyStream {
    private final StreamDecoder decoder;
    private final @Nullable ReasoningSplitter splitter;
    private final StopStrings stops;
    private final TrimmedText end;
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder answer = new StringBuilder();
    private int tokens;
    private int reasoningTokens;
    private int come;

    /** A stream of this model's ids. @param start where the reasoning begins; null where none is told apart */
    public static ReplyStream of(Language language, ReasoningSplitter.@Nullable Start start, List<String> stops) {
        return new ReplyStream(language.tokenizer(), language.markers(), start, stops);
    }

    /** @param start where the reasoning begins; null where none is told apart */
    ReplyStream(
            Tokenizer tokenizer, ThinkMarkers markers, ReasoningSplitter.@Nullable Start start, List<String> stops) {
        this.decoder = new StreamDecoder(tokenizer, false);
        this.splitter = start == null ? null : new ReasoningSplitter(markers, start, Whitespace.TRIM_BUT_ANSWER_END);
        this.stops = new StopStrings(stops);
        this.end = new TrimmedText(false, start != null);
    }

    /** The text that this id decides; often empty. */
    public Piece add(int id) {
        boolean ended = splitter != null && splitter.ended();
        Piece piece = split(decoder.add(id));
        tokens++;
        if (isReasoning() || (splitter != null && splitter.ended() && !ended)) {
            reasoningTokens = tokens;
        }
        come += piece.answer().length();
        return kept(piece.reasoning(), stops.add(piece.answer()));
    }

    /** The reply is over: what was held back. */
    public Piece finish() {
        Piece last = split(decoder.finish());
        Piece rest = splitter == null ? new Piece("", "") : splitter.finish();
        String cut = stops.add(last.answer() + rest.answer());
        return kept(last.reasoning() + rest.reasoning(), cut + stops.finish());
    }

    /** Characters of the answer that have come, those too that are held back or belong to a stop string: where the next token begins. */
    public int come() {
        return come;
    }

    /** Characters of the answer that are known to be before any stop string. */
    public int decided() {
        return stops.decided();
    }

    /** Whether a stop string has ended the answer. */
    public boolean stopped() {
        return stops.met();
    }

    /** All of it so far; empty where there is none. */
    public String reasoning() {
        return reasoning.toString();
    }

    /** All of it so far. */
    public String answer() {
        return answer.toString();
    }

    /** Whether it is known which of the two comes next. */
    public boolean isDecided() {
        return splitter == null || splitter.decided();
    }

    /** Whether it is known to be reasoning. */
    public boolean isReasoning() {
        return splitter != null && splitter.reasoning();
    }

    /** Ids that the reasoning has taken so far, the marks around it too; 0 where there is none. */
    public int reasoningTokens() {
        return reasoningTokens;
    }

    /** Why the reply has ended. @param how its generation did */
    public FinishReason reason(Generation.Finish how) {
        return switch (how) {
            case END -> FinishReason.STOP;
            case LENGTH -> stopped() ? FinishReason.STOP : FinishReason.LENGTH;
            case CANCELLED -> stopped() ? FinishReason.STOP : FinishReason.OTHER;
        };
    }

    private Piece split(String text) {
        return splitter == null ? new Piece("", text) : splitter.add(text);
    }

    private Piece kept(String moreReasoning, String moreAnswer) {
        end.add(moreAnswer);
        Piece piece = new Piece(moreReasoning, end.take());
        reasoning.append(piece.reasoning());
        answer.append(piece.answer());
        return piece;
    }
}
