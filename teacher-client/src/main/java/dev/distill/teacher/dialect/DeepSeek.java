package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import java.util.SortedMap;

/** DeepSeek's own endpoint, in its two eras (api-docs.deepseek.com, January 2025 and April 2026). */
public record DeepSeek(Mode mode) implements Dialect {
    /** The reasoning that {@code max_tokens} of R1 does not limit. */
    private static final int R1_REASONING_AT_MOST = 32_768;

    /** Which model family answers, and whether it thinks. */
    public enum Mode {
        /** {@code deepseek-reasoner} of 2025: always thinks; {@code max_tokens} limits the answer alone. */
        R1,
        /** V4 with its thinking switched on. */
        THINKING,
        /** V4, or V3, without thinking. */
        CHAT
    }

    @Override
    public String name() {
        return switch (mode) {
            case R1 -> "deepseek-r1";
            case THINKING -> "deepseek-thinking";
            case CHAT -> "deepseek-chat";
        };
    }

    @Override
    public SortedMap<String, String> effective(TeacherRequest request) {
        SortedMap<String, String> parameters = Dialect.everything(request, "max_tokens");
        parameters.remove("seed"); // no such parameter, in any mode
        switch (mode) {
            case R1, THINKING -> {
                // taken and ignored while it thinks; V4 clamps top_p to values of its own
                parameters.remove("temperature");
                parameters.remove("top_p");
                parameters.remove("presence_penalty");
                parameters.remove("frequency_penalty");
            }
            case CHAT -> {}
        }
        return parameters;
    }

    @Override
    public long completionTokensAtMost(Sampling sampling) {
        return switch (mode) {
            case R1 -> (long) sampling.maxTokens() + R1_REASONING_AT_MOST;
            case THINKING, CHAT -> sampling.maxTokens();
        };
    }

    @Override
    public void addTo(ObjectNode body) {
        switch (mode) {
            case R1 -> {}
            case THINKING -> body.putObject("thinking").put("type", "enabled");
            case CHAT -> body.putObject("thinking").put("type", "disabled");
        }
    }
}
