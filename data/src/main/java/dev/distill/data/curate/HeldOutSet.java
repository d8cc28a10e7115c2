package dev.distill.data.curate;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions that must not be trained on, because a student will be measured on them.
 *
 * @param name for reports, for example {@code math500}
 * @param questions with their reference solutions where there are any
 * @param origin where they were read; null for questions that come from no file
 */
public record HeldOutSet(
        String name, List<Question> questions, @Nullable Origin origin) implements Serializable {
    public HeldOutSet {
        if (name.isBlank() || questions.isEmpty()) {
            throw new IllegalArgumentException("held-out set: needs a name and at least one question; got \"" + name
                    + "\" with " + questions.size() + " questions");
        }
        questions = List.copyOf(questions);
    }

    public HeldOutSet(String name, List<Question> questions) {
        this(name, questions, null);
    }

    /**
     * One question.
     *
     * @param text the question as it is asked
     * @param solution a worked solution; null where there is none
     */
    public record Question(String text, @Nullable String solution) implements Serializable {}

    /**
     * The file that a set was read from, for reports.
     *
     * @param file its name
     * @param sha256 of its bytes, in hexadecimal
     * @param licence as the user states it, for example {@code MIT}; null where it is not stated
     */
    public record Origin(
            String file, String sha256, @Nullable String licence) implements Serializable {}

    public static HeldOutSet ofQuestions(String name, List<String> questions) {
        return new HeldOutSet(
                name, questions.stream().map(text -> new Question(text, null)).toList());
    }

    public HeldOutSet withOrigin(Origin from) {
        return new HeldOutSet(name, questions, from);
    }
}
