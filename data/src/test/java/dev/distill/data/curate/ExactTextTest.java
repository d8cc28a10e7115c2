package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which texts are the same for the exact stage. */
class ExactTextTest {
    @Test
    void howLinesEndMakesNoOtherText() {
        assertThat(ExactText.plain("a  \r\nb\t\rc\u00a0\n\n d \n \n\n")).isEqualTo("a\nb\nc\n\n d");
        assertThat(ExactText.plain(" \n\t")).isEmpty();
        assertThat(ExactText.plain("\n  x")).isEqualTo("\n  x");
        assertThat(ExactText.plain("")).isEmpty();
    }

    @Test
    void caseAndIndentationDo() {
        Trace milli = Traces.trace("What is 5 mW in W?", "r", "0.005", null);
        Trace mega = Traces.trace("What is 5 MW in W?", "r", "0.005", null);
        assertThat(ExactText.of(milli)).isNotEqualTo(ExactText.of(mega));
        assertThat(ExactText.ofPrompt(milli)).isNotEqualTo(ExactText.ofPrompt(mega));
        Trace looped = Traces.answer("for x in y:\n    a()\n    b()");
        Trace after = Traces.answer("for x in y:\n    a()\nb()");
        assertThat(ExactText.of(looped)).isNotEqualTo(ExactText.of(after));
        assertThat(ExactText.of(Traces.answer("for x in y: \r\n    a()\r\n    b()\r\n")))
                .isEqualTo(ExactText.of(looped));
    }

    @Test
    void anotherConversationIsAnotherText() {
        Trace plain = Traces.honest();
        Trace ended = Traces.withMessages(plain, List.of(Message.user(plain.question() + " \n")));
        Trace longer = Traces.withMessages(plain, List.of(Message.system("Be brief."), Message.user(plain.question())));
        assertThat(ExactText.of(ended)).isEqualTo(ExactText.of(plain));
        assertThat(ExactText.of(longer)).isNotEqualTo(ExactText.of(plain));
    }
}
