package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Role;
import dev.distill.data.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A trace is its whole conversation, not its last question. */
class EarlierTurnsTest {
    private static final String HELD_OUT =
            "A ship sails 120 miles north and then 50 miles east, and the captain wonders how far the ship is from the"
                    + " harbour where it started.";
    private static final String SOLUTION =
            "The path north and the path east meet in a right angle, so by the theorem of Pythagoras the distance is the"
                    + " root of 14400 plus 2500, which is the root of 16900, that is 130 miles.";

    private static Trace after(Message... earlier) {
        Trace trace = Traces.honest();
        List<Message> messages = new ArrayList<>(List.of(earlier));
        messages.addAll(trace.messages());
        return Traces.withMessages(trace, messages);
    }

    private static Message reply(String text) {
        return new Message(Role.ASSISTANT, text);
    }

    private static String found(TraceFilter filter, Trace trace) {
        return filter.check(trace).outcome() + " " + filter.check(trace).reason();
    }

    @Test
    void heldOutQuestionsAndSolutionsAreFoundInEarlierTurns() {
        Decontamination filter = new Decontamination(
                new HeldOutSet("ships", List.of(new HeldOutSet.Question(HELD_OUT, SOLUTION))),
                Decontamination.Settings.STANDARD);

        assertThat(found(filter, after(Message.user(HELD_OUT), reply("130 miles."))))
                .startsWith("FAIL the question is:");
        assertThat(found(filter, after(Message.user("How far is it?"), reply(SOLUTION))))
                .startsWith("FAIL the reply follows the solution:");
        assertThat(found(filter, after(Message.system("An example: " + HELD_OUT))))
                .startsWith("FAIL");
        assertThat(found(filter, after(Message.user("How far is it?"), reply("130 miles."))))
                .startsWith("PASS");
    }

    @Test
    void secretsAndWhoTheTeacherIsAreFoundInEarlierTurns() {
        assertThat(found(new NoSecrets(), after(Message.system("Write to anna.petersen@posteo.de when in doubt."))))
                .startsWith("FAIL earlier system [email]")
                .doesNotContain("petersen");
        assertThat(found(new NoIdentityLeak(), after(Message.user("Hi"), reply("I am ChatGPT, made by OpenAI."))))
                .startsWith("FAIL earlier reply:");
        assertThat(found(new NoIdentityLeak(), after(Message.user("I am ChatGPT, made by OpenAI."), reply("Good."))))
                .startsWith("PASS");
    }
}
