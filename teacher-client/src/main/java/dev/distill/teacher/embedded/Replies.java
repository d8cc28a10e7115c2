package dev.distill.teacher.embedded;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Usage;
import dev.distill.teacher.embedded.fault.Author;
import dev.distill.teacher.embedded.fault.ContentFault;
import dev.distill.teacher.embedded.fault.Draft;
import dev.distill.teacher.embedded.problem.Draw;
import dev.distill.teacher.embedded.problem.Problem;
import java.util.List;

/** What the teacher says and what goes wrong on the way: pure functions of seed, request and attempt. */
final class Replies {
    /** Tokens that a chat template adds to each message. */
    private static final int MESSAGE_TOKENS = 4;
    /** The cache works in units of so many tokens. DeepSeek's have 64, more than the demo's whole prompts. */
    private static final int CACHE_UNIT = 8;
    /** How often the cache has forgotten a prompt that it has seen. */
    private static final double FORGOTTEN = 0.1;

    private final TeacherConfig config;
    private final Author author;

    Replies(TeacherConfig config) {
        this.config = config;
        this.author = new Author(config.seed(), config.rates()::drawContent, config.heldOut());
    }

    /** Throws {@link Refused} with status 400 for a question that it cannot read. */
    Reply of(ChatRequest request) throws Refused {
        Problem problem = Problem.read(request.prompt().question())
                .orElseThrow(() -> Refused.badRequest("this teacher reads only the demo's problems, not: "
                        + request.prompt().question()));
        Draft draft = author.write(problem, request.prompt().id(), sample(request));
        return limited(draft, request);
    }

    long sample(ChatRequest request) {
        return request.seed() - config.firstSeed();
    }

    TransportFault transport(ChatRequest request, int attempt) {
        return config.rates()
                .drawTransport(Draw.of(config.seed(), request.hash(), "transport", Integer.toString(attempt)));
    }

    /** What the client must pay for, and what it may read, at most {@code max_tokens} long. */
    private Reply limited(Draft draft, ChatRequest request) {
        String reasoning = Tokens.first(draft.reasoning(), request.maxTokens());
        int reasoningTokens = Tokens.count(reasoning);
        String answer = Tokens.first(draft.answer(), request.maxTokens() - reasoningTokens);
        boolean cut = reasoning.length() < draft.reasoning().length()
                || answer.length() < draft.answer().length();
        ContentFault fault = cut && draft.fault() == ContentFault.NONE ? ContentFault.CUT_OFF : draft.fault();
        return new Reply(
                reasoning,
                answer,
                cut ? FinishReason.LENGTH : draft.finish(),
                usage(request, reasoningTokens, Tokens.count(answer)),
                fault,
                fault == draft.fault() ? draft.detail() : "max_tokens");
    }

    /** The first sample of a prompt finds what stands before the question in the cache, later ones the whole prompt. */
    private Usage usage(ChatRequest request, int reasoningTokens, int answerTokens) {
        List<Message> messages = request.prompt().messages();
        int before = 0;
        for (Message message : messages.subList(0, messages.size() - 1)) {
            before += MESSAGE_TOKENS + Tokens.count(message.content());
        }
        int all = before + MESSAGE_TOKENS + Tokens.count(request.prompt().question());
        boolean forgotten = Draw.of(config.seed(), request.hash(), "cache").chance(FORGOTTEN);
        int known = forgotten ? 0 : sample(request) == 0 ? before : all;
        return new Usage(all, known / CACHE_UNIT * CACHE_UNIT, reasoningTokens + answerTokens, reasoningTokens);
    }
}
