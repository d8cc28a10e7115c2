package dev.distill.eval.code;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** One test of a program. */
sealed interface CodeTest {
    /** The program reads the input, and must write the output. */
    record Stdin(String input, String output) implements CodeTest {}

    /** A function, or a method of the class {@code Solution}, is called with these arguments and must return this value. */
    record Call(String function, List<JsonNode> arguments, JsonNode value) implements CodeTest {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** Statements that run after the program, in its names, and must come to their end. */
    record Statements(String code) implements CodeTest {}
}
