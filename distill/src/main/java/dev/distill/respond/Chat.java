package dev.distill.respond;

import dev.distill.data.template.Conversation;
import dev.distill.data.template.ReasoningSplitter.Piece;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.trace.Message;
import dev.distill.student.generate.DialogueGenerator;
import dev.distill.student.generate.Generation;
import dev.distill.student.generate.GenerationRequest;
import dev.distill.student.generate.Sampling;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A conversation with a student. Each turn, the model's template renders all that was said; reasoning of earlier turns is
 * given to it apart from the answers, and is shown to the model again if the template does so (most drop it). What a turn's
 * text has in common with the one before it is not computed again.
 *
 * <p>The first turns of the same messages with the same seed have the same text. For one thread.
 */
public final class Chat implements AutoCloseable {
    private final Student student;
    private final SampleRenderer renderer;
    private final Settings settings;
    private final int positions;
    private final DialogueGenerator generator;
    private Conversation conversation = Conversation.of(List.of());
    private String system = "";
    private int turn;

    /**
     * How every turn is answered.
     *
     * @param seed of the conversation; each turn has its own of it
     * @param maxNewTokens where an answer is cut
     * @param stops an answer ends before the first of these; none where empty
     * @param context the most tokens of a conversation, the answer included; cut to what the model takes
     */
    public record Settings(Sampling sampling, long seed, int maxNewTokens, List<String> stops, int context) {
        /** @throws IllegalArgumentException if a stop string is empty */
        public Settings {
            stops = List.copyOf(stops);
            StopStrings.check(stops);
        }
    }

    /**
     * What was said and answered.
     *
     * @param promptTokens of the conversation, up to where the answer begins
     * @param cachedTokens how many of these were not computed again
     */
    public record Turn(String message, TextGenerator.Text reply, int promptTokens, int cachedTokens) {}

    /**
     * A conversation in which nothing was said yet.
     *
     * @param student stays the caller's, and must outlive the conversation
     * @throws dev.distill.data.template.jinja.TemplateException if the model has no chat template
     */
    public Chat(Student student, Settings settings) {
        this.student = student;
        this.renderer = student.language().renderer();
        this.settings = settings;
        this.positions = Math.min(settings.context(), student.config().maxPositions());
        this.generator = new DialogueGenerator(student.model(), positions);
    }

    /** Begins anew, with the same system message if there is one. */
    public void reset() {
        conversation = Conversation.of(system.isEmpty() ? List.of() : List.of(Message.system(system)));
        turn = 0;
    }

    /** Begins anew with this system message. @param text empty for none */
    public void system(String text) {
        system = text;
        reset();
    }

    /**
     * A message and its answer. Where it fails, nothing was said.
     *
     * @param stop asked at each token; once true the answer ends where it is, and stays so in the conversation
     * @param hear called with the pieces of the answer as they come
     * @throws IllegalArgumentException if there is no room for the conversation any more
     * @throws dev.distill.data.template.jinja.TemplateException if the template refuses the conversation
     */
    public Turn say(String message, BooleanSupplier stop, Consumer<Piece> hear) {
        Conversation asked = conversation.with(Message.user(message));
        String prompt = renderer.prompt(asked, true);
        int[] ids = student.encode(prompt);
        if (ids.length > positions) {
            throw new IllegalArgumentException("chat: the conversation has come to " + ids.length
                    + " tokens, and there is room for " + positions
                    + "; begin anew, or allow more if the model takes more ("
                    + student.config().maxPositions() + ")");
        }
        ReplyStream stream = ReplyStream.of(student.language(), renderer.start(prompt), settings.stops());
        GenerationRequest request = new GenerationRequest(
                turn,
                ids,
                settings.sampling(),
                TextGenerator.seed(settings.seed(), "chat", turn),
                settings.maxNewTokens(),
                student.endIds());
        Generation generation = generator.generate(request, (row, id, logProbability) -> {
            if (!student.endIds().contains(id)) {
                hear.accept(stream.add(id));
            }
            return !stream.stopped() && !stop.getAsBoolean();
        });
        hear.accept(stream.finish());
        turn++;
        conversation = asked.withAnswer(stream.reasoning(), stream.answer());
        return new Turn(message, TextGenerator.text(generation, stream), ids.length, generator.reused());
    }

    @Override
    public void close() {
        generator.close();
    }
}
