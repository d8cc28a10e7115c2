package dev.distill.teacher.dialect;

import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import java.util.SortedMap;

/**
 * The chat completions of vLLM, SGLang, llama.cpp, Ollama, OpenRouter, Groq, Mistral and others, which take what they are sent.
 *
 * @param maxTokensField {@code max_tokens}, or {@code max_completion_tokens} where the older word is refused
 */
public record OpenAiCompatible(String maxTokensField) implements Dialect {
    @Override
    public String name() {
        return maxTokensField.equals("max_tokens") ? "openai" : "openai-" + maxTokensField.replace('_', '-');
    }

    @Override
    public SortedMap<String, String> effective(TeacherRequest request) {
        return Dialect.everything(request, maxTokensField);
    }

    @Override
    public long completionTokensAtMost(Sampling sampling) {
        return sampling.maxTokens();
    }
}
