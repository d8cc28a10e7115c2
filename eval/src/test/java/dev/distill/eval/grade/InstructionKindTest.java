package dev.distill.eval.grade;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every kind of instruction both ways, by hand after the published definitions (arXiv 2311.07911, table 1). */
class InstructionKindTest {
    private record Case(String id, String arguments, String obeys, String not) {}

    private static final List<Case> CASES = List.of(
            new Case(
                    "keywords:existence", "{'keywords': ['engine', 'Fuel']}", "Engines burn fuel.", "An engine turns."),
            new Case(
                    "keywords:frequency",
                    "{'keyword': 'rain', 'frequency': 2, 'relation': 'at least'}",
                    "Rain, and more rain.",
                    "Rain."),
            new Case(
                    "keywords:frequency",
                    "{'keyword': 'rain', 'frequency': 2, 'relation': 'less than'}",
                    "Rain.",
                    "Rain, and more rain."),
            new Case(
                    "keywords:forbidden_words",
                    "{'forbidden_words': ['cat', 'dog']}",
                    "A caterpillar and doggerel.",
                    "A Cat."),
            new Case(
                    "keywords:letter_frequency",
                    "{'letter': 'e', 'let_frequency': 3, 'let_relation': 'at least'}",
                    "Ever been.",
                    "Even."),
            new Case(
                    "language:response_language",
                    "{'language': 'de'}",
                    "Das ist ein guter Tag und wir gehen mit den Kindern in den Wald.",
                    "This is a good day and we are going with the children into the forest."),
            new Case(
                    "length_constraints:number_sentences",
                    "{'num_sentences': 3, 'relation': 'at least'}",
                    "Dr. Smith came. He sat! Why?",
                    "Dr. Smith came at 3.5 p.m. today. He sat."),
            new Case(
                    "length_constraints:number_sentences",
                    "{'num_sentences': 2, 'relation': 'less than'}",
                    "* one\n* two\n* three",
                    "One. Two."),
            new Case(
                    "length_constraints:number_paragraphs",
                    "{'num_paragraphs': 2}",
                    "First.\n\n***\n\nSecond.",
                    "First.\n***\n***\nSecond."),
            new Case(
                    "length_constraints:number_words",
                    "{'num_words': 4, 'relation': 'at least'}",
                    "It's a day",
                    "One two three"),
            new Case(
                    "length_constraints:number_words",
                    "{'num_words': 4, 'relation': 'less than'}",
                    "One two three",
                    "One two three four"),
            new Case(
                    "length_constraints:nth_paragraph_first_word",
                    "{'num_paragraphs': 2, 'nth_paragraph': 2, 'first_word': 'weekend'}",
                    "Hello.\n\n\"Weekend\" plans.",
                    "Weekend.\n\nHello."),
            new Case(
                    "detectable_content:number_placeholders",
                    "{'num_placeholders': 2}",
                    "Dear [name], come to [address].",
                    "Dear [name]."),
            new Case(
                    "detectable_content:postscript",
                    "{'postscript_marker': 'P.S.'}",
                    "Bye.\np. s. More.",
                    "Bye. Postscript: more."),
            new Case(
                    "detectable_content:postscript",
                    "{'postscript_marker': 'P.P.S'}",
                    "Bye.\nP.S. One.\nP.P.S. Two.",
                    "Bye.\nP.S. One."),
            new Case(
                    "detectable_format:number_bullet_lists",
                    "{'num_bullets': 2}",
                    "List:\n* one\n  - two",
                    "List:\n* one\n* two\n* three"),
            new Case("detectable_format:constrained_response", "{}", "My answer is maybe.", "Maybe."),
            new Case(
                    "detectable_format:number_highlighted_sections",
                    "{'num_highlights': 2}",
                    "*one* and **two**",
                    "*one* and ** **"),
            new Case(
                    "detectable_format:multiple_sections",
                    "{'section_spliter': 'SECTION', 'num_sections': 2}",
                    "SECTION 1\nText.\nSECTION 2\nText.",
                    "Section 1\nSection 2"),
            new Case("detectable_format:json_format", "{}", "```json\n{\"a\": [1, 2]}\n```", "{\"a\": 1} and more"),
            new Case("detectable_format:title", "{}", "<<Poem of joy>>\nLa.", "<<  >>\n<Poem>"),
            new Case("combination:two_responses", "{}", "One.\n******\nTwo.", "One.\n******\nOne."),
            new Case(
                    "combination:repeat_prompt",
                    "{'prompt_to_repeat': 'Write a poem.'}",
                    "write a poem.\n\nRoses.",
                    "Sure! Write a poem."),
            new Case(
                    "startend:end_checker",
                    "{'end_phrase': 'Any other questions?'}",
                    "Done. Any other questions?\"",
                    "Any other questions? No."),
            new Case("startend:quotation", "{}", " \"Quoted all of it.\" ", "\"Quoted\" in part"),
            new Case(
                    "change_case:capital_word_frequency",
                    "{'capital_frequency': 2, 'capital_relation': 'at least'}",
                    "NASA and WELL-KNOWN things",
                    "NASA and Nato"),
            new Case(
                    "change_case:english_capital",
                    "{}",
                    "THIS IS THE DAY AND WE ARE GLAD.",
                    "This is the day and we are glad."),
            new Case(
                    "change_case:english_lowercase",
                    "{}",
                    "this is the day and we are glad.",
                    "das ist ein guter tag und wir gehen mit den kindern."),
            new Case("punctuation:no_comma", "{}", "No pauses; none.", "Well, one."));

    private static boolean follows(Case one, String text) throws JsonProcessingException {
        Arguments arguments =
                new Arguments(new ObjectMapper().readTree(one.arguments().replace('\'', '"')));
        return InstructionKind.of(one.id()).orElseThrow().follows(arguments, text);
    }

    @Test
    void everyKindBothWays() throws JsonProcessingException {
        Set<String> seen = new HashSet<>();
        for (Case one : CASES) {
            assertThat(follows(one, one.obeys()))
                    .as("%s: %s", one.id(), one.obeys())
                    .isTrue();
            assertThat(follows(one, one.not()))
                    .as("%s: %s", one.id(), one.not())
                    .isFalse();
            assertThat(follows(one, " \n")).as("%s: nothing", one.id()).isFalse();
            seen.add(one.id());
        }
        assertThat(seen).as("all 25 kinds").hasSize(25).hasSize(InstructionKind.values().length);
    }

    @Test
    void sentences() {
        assertThat(Sentences.count("")).isZero();
        assertThat(Sentences.count("One")).isEqualTo(1);
        assertThat(Sentences.count("It is 3.5 m, e.g. by J. Doe et al. and so on. Really?! \"Yes.\" (No.)"))
                .isEqualTo(4);
        assertThat(Sentences.count("1. First point.\n2. Second point.")).isEqualTo(2);
    }
}
