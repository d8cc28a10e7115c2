package dev.distill.eval.grade;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The 25 kinds of instructions of IFEval (Zhou et al. 2023, "Instruction-following evaluation for large language models", arXiv 2311.07911, table 1), each with
 * its check. They follow the published checks but for three parts that hang on other people's models: the language is told by our own reader of languages, a
 * sentence ends where {@link Sentences} says, and a word in capitals is one without small letters between white space.
 */
enum InstructionKind {
    KEYWORDS("keywords:existence", WordChecks::keywords),
    KEYWORD_FREQUENCY("keywords:frequency", WordChecks::keywordFrequency),
    FORBIDDEN_WORDS("keywords:forbidden_words", WordChecks::forbidden),
    LETTER_FREQUENCY("keywords:letter_frequency", WordChecks::letterFrequency),
    LANGUAGE("language:response_language", WordChecks::language),
    SENTENCES("length_constraints:number_sentences", WordChecks::sentences),
    PARAGRAPHS("length_constraints:number_paragraphs", ShapeChecks::paragraphs),
    WORDS("length_constraints:number_words", WordChecks::words),
    FIRST_WORD("length_constraints:nth_paragraph_first_word", ShapeChecks::firstWord),
    PLACEHOLDERS("detectable_content:number_placeholders", ShapeChecks::placeholders),
    POSTSCRIPT("detectable_content:postscript", ShapeChecks::postscript),
    BULLETS("detectable_format:number_bullet_lists", ShapeChecks::bullets),
    CONSTRAINED("detectable_format:constrained_response", (_, text) -> ShapeChecks.constrained(text)),
    HIGHLIGHTS("detectable_format:number_highlighted_sections", ShapeChecks::highlights),
    SECTIONS("detectable_format:multiple_sections", ShapeChecks::sections),
    JSON("detectable_format:json_format", (_, text) -> ShapeChecks.json(text)),
    TITLE("detectable_format:title", (_, text) -> ShapeChecks.title(text)),
    TWO_RESPONSES("combination:two_responses", (_, text) -> ShapeChecks.twoResponses(text)),
    REPEAT("combination:repeat_prompt", ShapeChecks::repeats),
    END("startend:end_checker", ShapeChecks::ends),
    QUOTATION("startend:quotation", (_, text) -> ShapeChecks.quoted(text)),
    CAPITAL_WORDS("change_case:capital_word_frequency", WordChecks::capitalWords),
    CAPITALS("change_case:english_capital", (_, text) -> WordChecks.capitals(text)),
    SMALL_LETTERS("change_case:english_lowercase", (_, text) -> WordChecks.smallLetters(text)),
    NO_COMMA("punctuation:no_comma", (_, text) -> text.indexOf(',') < 0);

    private static final Map<String, InstructionKind> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(InstructionKind::id, Function.identity()));

    private final String id;
    private final Check check;

    InstructionKind(String id, Check check) {
        this.id = id;
        this.check = check;
    }

    /** Whether a text obeys. */
    @FunctionalInterface
    interface Check {
        boolean holds(Arguments arguments, String text);
    }

    /** As the data has it. */
    String id() {
        return id;
    }

    static Optional<InstructionKind> of(String id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** A text of nothing but white space obeys nothing. */
    boolean follows(Arguments arguments, String text) {
        return !text.isBlank() && check.holds(arguments, text);
    }
}
