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
    /** Characters of a reply: several times what any model writes, and in a ledger, however they are escaped there, less than a record may have. */
    static final int LONGEST_TEXT = 1 << 24;

    /** Bytes of its tokens, likewise: those of a reply of 200,000 tokens with twenty candidates each. */
    static final int LONGEST_TOKENS = 1 << 25;

    /** Characters of the name of any model. */
    private static final int LONGEST_NAME = 1_000;

    final Blocks blocks = new Blocks();
    final SaidTokens.Builder tokens = new SaidTokens.Builder();

    private final ErrorReader errors;
    private final DialectFacts.ReplyFacts facts;
    private final StringBuilder refusal = new StringBuilder();
    private ReasoningKind kind;
    private int deltas;
    private String model = "";
    private @Nullable String finishWord;
    private FinishWords end = FinishWords.UNKNOWN;
    private @Nullable Usage usage;
    private boolean counted;
    private boolean billed;
    private @Nullable Outcome broken;
    private boolean done;

    /** @param errors words errors inside the stream */
    ReplyParts(ErrorReader errors, DialectFacts.ReplyFacts facts) {
        this.errors = errors;
        this.facts = facts;
        this.kind = facts.reasoning();
    }

    /** The event's JSON; null for one that is none, or is an error, which ends a reply that has not ended in order. */
    @Nullable
    JsonNode event(@Nullable String name, String data) {
        JsonNode node;
        try {
            node = Json.MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            breakOff(new Outcome.CutStream(Cut.MALFORMED, errors.forPeople("an event is no JSON: " + data)));
            return null;
        }
        if (node.hasNonNull("error") || "error".equals(name)) {
            breakOff(errors.classify(0, node, RetryAdvice.NONE));
            return null;
        }
        return node;
    }

    private void breakOff(Outcome why) {
        if (!isSettled()) {
            broken = why;
        }
    }

    /** An event has been taken, all of it. */
    void taken() {
        billed |= counted && isFinished();
        counted = false;
        if (blocks.areTooMany()) {
            broken = tooLarge(Blocks.MOST + " changes between reasoning and answer");
        } else if (blocks.length() > LONGEST_TEXT) {
            broken = tooLarge(LONGEST_TEXT + " characters");
        } else if (tokens.size() > LONGEST_TOKENS) {
            broken = tooLarge(LONGEST_TOKENS + " bytes of tokens");
        }
    }

    private static Outcome tooLarge(String what) {
        return new Outcome.CutStream(Cut.TOO_LARGE, "more than " + what);
    }

    /** Counts an event that carried text. Some hosts send text after the word that it has ended: then the bill is still to come. */
    void delta() {
        deltas++;
        billed = false;
    }

    /** What comes as reasoning is a summary. */
    void isSummary() {
        kind = ReasoningKind.SUMMARY;
    }

    void model(String name) {
        if (model.isEmpty() && name.length() <= LONGEST_NAME) {
            model = name;
        }
    }

    void refusal(String text) {
        refusal.append(text);
    }

    /**
     * Some servers say that it has not finished with an empty word (SGLang, Ollama), or with the word null (KoboldCpp); some that it has with each
     * event (bridges to Gemini). The last word counts, unless it takes an end back.
     */
    void finish(String word) {
        FinishWords said = FinishWords.of(word);
        if (word.isBlank() || word.equals("null") || (isSettled() && isOpen(said))) {
            return;
        }
        finishWord = word;
        end = said;
    }

    /** Whether a server that ended so may say more of it. */
    private static boolean isOpen(FinishWords end) {
        return end == FinishWords.BROKEN_OFF || end == FinishWords.OUT_OF_RESOURCES;
    }

    void usage(Usage told) {
        usage = told;
        counted = true;
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

    /** Whether the model has ended, so that no error that comes later is the reply's: not so where the server broke off, and may say why. */
    private boolean isSettled() {
        return finishWord != null && !isOpen(end);
    }

    /** Before the first token it may wait for its turn; where its thoughts are not seen, before the first word. */
    boolean mayBeSilent() {
        return kind == ReasoningKind.WHOLE ? deltas == 0 : !blocks.hasWords();
    }

    /** Usage that was told before the end is a count so far, and no bill. */
    Received received() {
        return new Received(blocks.thoughts(), blocks.words(), deltas, usage, billed || done);
    }

    Outcome outcome() {
        if (broken != null) {
            return broken;
        }
        if (!isFinished()) {
            return new Outcome.CutStream(Cut.ENDED_EARLY, "the body ended without a finish reason");
        }
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
