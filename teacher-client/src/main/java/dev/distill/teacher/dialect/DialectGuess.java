package dev.distill.teacher.dialect;

import dev.distill.data.template.ReasoningSplitter.Start;
import dev.distill.data.trace.FinishReason;
import dev.distill.teacher.Outcome.BadRequest;
import dev.distill.teacher.Reply;
import dev.distill.teacher.dialect.DialectFacts.Names;
import dev.distill.teacher.dialect.DialectFacts.ReplyFacts;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dialect that is being found out: what a server refuses is left out or called otherwise, and what it replies tells the rest.
 *
 * @param dialect as far as it is known
 * @param finding what was found out last, one line for a person
 */
public record DialectGuess(Dialect dialect, String finding) {
    private static final String OLDER = "max_tokens";
    private static final String NEWER = "max_completion_tokens";

    /** What the host tells; that of most servers where it tells nothing. */
    public static DialectGuess of(java.net.URI url, Asked asked) {
        DialectTable table = DialectTable.builtIn();
        Optional<DialectFacts> known = table.at(url);
        return new DialectGuess(
                new Dialect(known.orElseGet(() -> table.named(DialectTable.STANDARD)), asked),
                known.isPresent()
                        ? "the address is that of " + known.get().name()
                        : "the address is not known, so that it is asked as most servers are");
    }

    /** The next guess, by what the server says is wrong with the last; empty where nothing follows from it. */
    public Optional<DialectGuess> after(BadRequest refused) {
        String said = refused.detail().toLowerCase(Locale.ROOT);
        DialectFacts facts = dialect.facts();
        Names names = facts.names();
        if (said.contains("stream_options") && facts.reply().streamUsage()) {
            ReplyFacts reply = facts.reply();
            return next(
                    facts.with(new ReplyFacts(reply.reasoning(), reply.thinkStart(), false)),
                    "stream_options is refused: usage is not asked for");
        }
        if (said.contains(OLDER) || said.contains(NEWER)) {
            return otherLimit(names);
        }
        if (names(said, names.temperature())) {
            return without(new Names(null, names.topP(), names.maxTokens(), names.seed()), "temperature");
        }
        if (names(said, names.topP())) {
            return without(new Names(names.temperature(), null, names.maxTokens(), names.seed()), "top_p");
        }
        if (names(said, names.seed())) {
            return without(new Names(names.temperature(), names.topP(), names.maxTokens(), null), "seed");
        }
        return Optional.empty();
    }

    private static boolean names(String said, @Nullable String parameter) {
        return parameter != null && said.contains(parameter.toLowerCase(Locale.ROOT));
    }

    /** Only from the older word to the newer and back to none: a limit that is too large is refused with its word too. */
    private Optional<DialectGuess> otherLimit(Names names) {
        if (OLDER.equals(names.maxTokens())) {
            return next(
                    dialect.facts().with(new Names(names.temperature(), names.topP(), NEWER, names.seed())),
                    "the token limit is called " + NEWER);
        }
        return Optional.empty();
    }

    private Optional<DialectGuess> without(Names names, String parameter) {
        return next(dialect.facts().with(names), parameter + " is refused: it is not sent");
    }

    private Optional<DialectGuess> next(DialectFacts facts, String what) {
        return Optional.of(new DialectGuess(dialect.with(facts), what));
    }

    /** What a reply tells of where the reasoning is. */
    public DialectGuess after(Reply reply) {
        if (reply.reasoning() == null) {
            return new DialectGuess(dialect, "the reply has no reasoning");
        }
        if (!reply.raw().contains("</think>")) {
            return new DialectGuess(dialect, "the reasoning comes apart from the answer");
        }
        boolean prefilled = !reply.raw().contains("<think>") && reply.finish() == FinishReason.STOP;
        ReplyFacts facts = dialect.facts().reply();
        DialectFacts found = dialect.facts()
                .with(new ReplyFacts(
                        facts.reasoning(), prefilled ? Start.IN_PROMPT : facts.thinkStart(), facts.streamUsage()));
        return new DialectGuess(
                dialect.with(found),
                prefilled
                        ? "the reasoning is in the content, and its template has written the first think tag"
                        : "the reasoning is in the content, between think tags");
    }
}
