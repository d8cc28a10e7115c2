package dev.distill.serve;

import dev.distill.respond.Student;

/**
 * A model, or a model with an adapter, under the name that requests call it by.
 *
 * @param student stays the caller's, who closes it after the server
 */
public record ServedModel(String name, Student student) {
    /** @throws IllegalArgumentException if no request could give that name */
    public ServedModel {
        if (name.isBlank() || name.length() > 200 || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("serve: a model's name must have 1 to 200 characters, no control"
                    + " characters among them; got \"" + name + "\"");
        }
    }
}
