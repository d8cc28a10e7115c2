package dev.distill.teacher;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import java.util.List;

/**
 * One conversation to be completed.
 *
 * @param messages what is sent; the last message is the user's
 * @param sampling how the teacher is asked to sample
 * @param sample which of the samples of this prompt, from 0; moves the seed, where there is one
 */
public record TeacherRequest(List<Message> messages, Sampling sampling, int sample) {
    public TeacherRequest {
        messages = List.copyOf(messages);
        if (messages.isEmpty() || sample < 0) {
            throw new IllegalArgumentException("request: need a message and a sample number of 0 or more; got "
                    + messages.size() + " messages, sample " + sample);
        }
    }

    public static TeacherRequest of(Prompt prompt, Sampling sampling, int sample) {
        return new TeacherRequest(prompt.messages(), sampling, sample);
    }

    /**
     * A bound on the tokens of the request that holds for every byte-level tokenizer: each token is at least one byte; the
     * chat template adds a few tokens a message, for which 32 are allowed.
     */
    public long promptTokensAtMost() {
        long bytes = 64;
        for (Message message : messages) {
            bytes += 32 + utf8Length(message.content());
        }
        return bytes;
    }

    private static long utf8Length(String text) {
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // each half of a surrogate pair counts two: together the four bytes of the character
            length += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return length;
    }
}
