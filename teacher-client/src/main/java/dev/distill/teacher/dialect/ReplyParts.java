package dev.distill.teacher.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.shard.SaidTokens;
import dev.distill.data.template.ReasoningSplitter;
import dev.distill.data.template.ReasoningSplitter.Split;
import dev.distill.data.template.ReasoningSplitter.Whitespace;
import dev.distill.data.template.ThinkMarkers;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.Outcome;
import dev.distill.teacher.Outcome.Cut;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Received;
import dev.distill.teacher.Reply;
import dev.distill.teacher.RetryAdvice;
import org.jspecify.annotations.Nullable;

/** What has come of one reply, whatever the format; the readers fill it in, and it says how the exchange ended. */
final class ReplyParts {
    final Blocks blocks = new Blocks();
    final SaidTokens.Builder tokens = new SaidTokens.Builder();

    private final ErrorReader errors;
    private final DialectFacts.ReplyFacts facts;
    private final StringBuilder refusal = new StringBuilder();
    private ReasoningKind kind;
    private int deltas;
    private String model = "";
    private @Nullable String finishWord;
    private @Nullable Usage usage;
    private @Nullable Outcome broken;
    private boolean done;

    /** @param errors words errors inside the stream */
    ReplyParts(ErrorReader errors, DialectFacts.ReplyFacts facts) {
        this.errors = errors;
        this.facts = facts;
        this.kind = facts.reasoning();
    }

    /** The event's JSON; null for one that is none, or is an error, which ends the reply. */
    @Nullable
    JsonNode event(@Nullable String name, String data) {
        if (blocks.areTooMany()) {
            broken = new Outcome.CutStream(
                    Cut.TOO_LARGE, "more than " + Blocks.MOST + " changes between reasoning and answer");
            return null;
        }
        JsonNode node;
        try {
            node = Json.MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            broken = new Outcome.CutStream(Cut.MALFORMED, errors.forPeople("an event is no JSON: " + data));
            return null;
        }
        if (node.hasNonNull("error") || "error".equals(name)) {
            broken = errors.classify(0, node, RetryAdvice.NONE);
            return null;
        }
        return node;
    }

    /** Counts an event that carried text. */
    void delta() {
        deltas++;
    }

    /** What comes as reasoning is a summary. */
    void isSummary() {
        kind = ReasoningKind.SUMMARY;
    }

    void model(String name) {
        if (model.isEmpty()) {
            model = name;
        }
    }

    void refusal(String text) {
        refusal.append(text);
    }

    void finish(String word) {
        finishWord = word;
    }

    void usage(Usage counted) {
        usage = counted;
    }

    @Nullable
    Usage usage() {
        return usage;
    }

    void done() {
        done = true;
    }

    boolean isOver() {
        return done || broken != null;
    }

    boolean isFinished() {
        return finishWord != null || done;
    }

    Received received() {
        return new Received(blocks.thoughts(), blocks.words(), deltas, usage);
    }

    Outcome outcome() {
        if (broken != null) {
            return broken;
        }
        if (!isFinished()) {
            return new Outcome.CutStream(Cut.ENDED_EARLY, "the body ended without a finish reason");
        }
        FinishWords end = finishWord == null ? FinishWords.UNKNOWN : FinishWords.of(finishWord);
        return switch (end) {
            case BROKEN_OFF -> new Outcome.CutStream(Cut.ENDED_EARLY, finishReason());
            case GARBLED_CALL -> new Outcome.CutStream(Cut.MALFORMED, finishReason() + ", and no tool was offered");
            case OUT_OF_RESOURCES -> new Outcome.OutOfResources();
            case DECLINED -> new Outcome.Refused(refusal.isEmpty() ? declined(finishWord) : refused());
            case STOPPED, TRUNCATED, UNKNOWN -> {
                if (!refusal.isEmpty()) {
                    yield new Outcome.Refused(refused());
                }
                String thoughts = blocks.thoughts();
                String words = blocks.words();
                yield thoughts.isBlank() && words.isBlank()
                        ? new Outcome.EmptyReply()
                        : new Outcome.Completed(reply(thoughts, words, end.reason()));
            }
        };
    }

    private String finishReason() {
        return errors.forPeople("finish reason \"" + finishWord + "\"");
    }

    private String refused() {
        return errors.forPeople(refusal.toString());
    }

    private String declined(@Nullable String word) {
        return "content_filter".equals(word) ? "content filter" : errors.forPeople(String.valueOf(word));
    }

    private Reply reply(String thoughts, String words, FinishReason finish) {
        String raw = blocks.arePlain() ? words : blocks.list();
        if (!thoughts.isEmpty()) {
            return new Reply(thoughts, words, raw, finish, model, kind, tokens.build());
        }
        Split split = ReasoningSplitter.split(words, ThinkMarkers.THINK, facts.thinkStart(), Whitespace.TRIM);
        boolean thought = split.ended() || !split.reasoning().isEmpty();
        return new Reply(
                thought ? split.reasoning() : null,
                thought ? split.answer() : words,
                raw,
                finish,
                model,
                kind,
                tokens.build());
    }
}
