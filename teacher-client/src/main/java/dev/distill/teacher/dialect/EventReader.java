package dev.distill.teacher.dialect;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads the events of one format into the {@link ReplyParts} that it was made with. */
sealed interface EventReader permits OpenAiReader, AnthropicReader, GeminiReader {
    /** An event that is JSON and no error; a reply in one piece is one event. */
    void take(JsonNode event);
}
