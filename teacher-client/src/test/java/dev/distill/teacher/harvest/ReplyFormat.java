package dev.distill.teacher.harvest;

/** Events of a provider's streams, in its format. */
record ReplyFormat(String model, String said, String thought, String usage, String end) {
    static ReplyFormat of(String dialect) {
        return switch (dialect) {
            case "anthropic" ->
                new ReplyFormat(
                        "{\"type\":\"message_start\",\"message\":{\"model\":\"TEXT\"}}",
                        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\",\"text\":\"TEXT\"}}",
                        "{\"type\":\"content_block_delta\",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"TEXT\"}}",
                        "{\"type\":\"message_delta\",\"delta\":{},\"usage\":{\"input_tokens\":N,\"output_tokens\":N,"
                                + "\"cache_read_input_tokens\":N,\"output_tokens_details\":{\"thinking_tokens\":N}}}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
                                + "\"usage\":{\"input_tokens\":5,\"output_tokens\":7}}");
            case "gemini" ->
                new ReplyFormat(
                        "{\"modelVersion\":\"TEXT\"}",
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"TEXT\"}]}}]}",
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"TEXT\",\"thought\":true}]}}]}",
                        "{\"usageMetadata\":{\"promptTokenCount\":N,\"candidatesTokenCount\":N,\"thoughtsTokenCount\":N,"
                                + "\"cachedContentTokenCount\":N}}",
                        "{\"candidates\":[{\"finishReason\":\"STOP\"}],"
                                + "\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":7}}");
            default ->
                new ReplyFormat(
                        "{\"model\":\"TEXT\",\"choices\":[]}",
                        "{\"choices\":[{\"delta\":{\"content\":\"TEXT\"}}]}",
                        "{\"choices\":[{\"delta\":{\"reasoning_content\":\"TEXT\"}}]}",
                        "{\"choices\":[],\"usage\":{\"prompt_tokens\":N,\"completion_tokens\":N,\"total_tokens\":N,"
                                + "\"prompt_cache_hit_tokens\":N,\"completion_tokens_details\":{\"reasoning_tokens\":N}}}",
                        "{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7}}");
        };
    }

    /** The model's name. */
    String model(String name) {
        return model.replace("TEXT", name);
    }

    /** Text of the answer, which must need no escapes in JSON. */
    String said(String text) {
        return said.replace("TEXT", text);
    }

    /** Text of the reasoning. */
    String thought(String text) {
        return thought.replace("TEXT", text);
    }

    /** Usage with this number, in JSON, for each count. */
    String usage(String number) {
        return usage.replace("N", number);
    }
}
