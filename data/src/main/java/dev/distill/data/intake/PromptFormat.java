package dev.distill.data.intake;

import dev.distill.data.curate.PromptDuplicates;
import org.jspecify.annotations.Nullable;

/**
 * How lines become prompts.
 *
 * @param system put in front as the system message, unless the line brings one of its own; null for none
 * @param template what the user says; {@code {question}} in it is replaced by the line's question
 * @param skip prompts to pass over, duplicates not counted
 * @param limit the most prompts to read after that
 * @param source what {@link dev.distill.data.trace.Prompt#source} shall say; null for the file's name
 * @param columns where in a row question and answer stand
 */
public record PromptFormat(
        @Nullable String system,
        String template,
        int skip,
        int limit,
        @Nullable String source,
        PromptColumns columns) {
    static final String QUESTION = "{question}";

    /** Every prompt, as it stands in the file. */
    public static final PromptFormat PLAIN =
            new PromptFormat(null, QUESTION, 0, Integer.MAX_VALUE, null, PromptColumns.USUAL);

    public PromptFormat {
        if (!template.contains(QUESTION)) {
            throw new IllegalArgumentException(
                    "prompts.template: must contain " + QUESTION + ", got \"" + template + "\"");
        }
        if (skip < 0 || limit < 1) {
            throw new IllegalArgumentException(
                    "prompts: need skip >= 0 and limit >= 1, got skip " + skip + " and limit " + limit);
        }
    }

    public PromptFormat withSystem(String text) {
        return new PromptFormat(text, template, skip, limit, source, columns);
    }

    public PromptFormat withTemplate(String text) {
        return new PromptFormat(system, text, skip, limit, source, columns);
    }

    public PromptFormat withRange(int first, int most) {
        return new PromptFormat(system, template, first, most, source, columns);
    }

    public PromptFormat withSource(String name) {
        return new PromptFormat(system, template, skip, limit, name, columns);
    }

    public PromptFormat withColumns(PromptColumns places) {
        return new PromptFormat(system, template, skip, limit, source, places);
    }

    /** What a row asked, out of what the user says by this template. */
    public String questionIn(String said) {
        return PromptDuplicates.between(before(), said, after());
    }

    /** The template up to the question. */
    public String before() {
        return template.substring(0, template.indexOf(QUESTION));
    }

    /** The template behind the question. */
    public String after() {
        return template.substring(template.lastIndexOf(QUESTION) + QUESTION.length());
    }

    String ask(String question) {
        return template.replace(QUESTION, question);
    }
}
