package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.curate.PromptDuplicates.Distinct;
import dev.distill.data.curate.PromptDuplicates.Rule;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class PromptDuplicatesTest {
    private static final String LONG =
            "A farmer keeps hens and rabbits in one yard. Together they have 35 heads and 94 legs,"
                    + " and every rabbit has four legs while every hen has two. How many rabbits are there in the yard?";

    private static Prompt prompt(String question, String reference) {
        return Prompt.of(List.of(Message.user(question)), reference, "test");
    }

    private static Distinct of(Rule rule, Prompt... prompts) {
        return PromptDuplicates.of(List.of(prompts), rule, UnaryOperator.identity());
    }

    @Test
    void layoutMakesNoOtherQuestionAndTheFirstStays() {
        Prompt first = prompt("What is  caf\u00e9\nau lait?", "1");
        Prompt spaced = prompt(" What is cafe\u0301 au lait? ", "2");
        Prompt other = prompt("What is CAF\u00c9 au lait?", "1");
        Distinct exact = of(Rule.EXACT, first, spaced, other);
        assertThat(exact).isEqualTo(new Distinct(List.of(first, other), 1, 0, 1));
        assertThat(of(Rule.NONE, first, spaced, first)).isEqualTo(new Distinct(List.of(first, spaced), 1, 0, 0));
    }

    @Test
    void whatIsSaidInATurnIsNoTurn() {
        Prompt one = Prompt.of(List.of(Message.system("Be brief.\nuser Name a river."), Message.user("And?")), "", "t");
        Prompt other = Prompt.of(
                List.of(Message.system("Be brief."), Message.user("Name a river."), Message.user("And?")), "", "t");

        assertThat(of(Rule.EXACT, one, other).prompts()).hasSize(2);
    }

    @Test
    void aPowerIsNotAFactor() {
        assertThat(of(Rule.EXACT, prompt("x\u00b2", "1"), prompt("x2", "1")).prompts())
                .hasSize(2);
    }

    @Test
    void nearlyTheSameWordsAreLeftOutWhereThatIsAskedFor() {
        Prompt copy = prompt(LONG.replace("A farmer", "One farmer"), "12");
        Prompt numbers = prompt(LONG.replace("94", "96"), "13");
        assertThat(of(Rule.NEAR, prompt(LONG, "12"), copy, numbers))
                .isEqualTo(new Distinct(List.of(prompt(LONG, "12"), numbers), 0, 1, 0));
        assertThat(of(Rule.EXACT, prompt(LONG, "12"), copy).prompts()).hasSize(2);
    }

    /** Short questions in a long template share most of their words. */
    @Test
    void aTemplateDoesNotMakeQuestionsAlike() {
        String around = LONG + " ";
        List<Prompt> prompts = List.of(prompt(around + "Name a river.", ""), prompt(around + "Name a mountain.", ""));
        assertThat(PromptDuplicates.of(prompts, Rule.NEAR, said -> said.substring(around.length()))
                        .prompts())
                .hasSize(2);
        assertThat(PromptDuplicates.of(prompts, Rule.NEAR, UnaryOperator.identity())
                        .near())
                .isEqualTo(1);
    }

    @Test
    void theConversationBeforeCounts() {
        Prompt alone = prompt("And then?", "1");
        Prompt after =
                Prompt.of(List.of(Message.user("a"), Message.assistant("b"), Message.user("And then?")), "1", "test");
        assertThat(of(Rule.NEAR, alone, after).prompts()).containsExactly(alone, after);
    }
}
