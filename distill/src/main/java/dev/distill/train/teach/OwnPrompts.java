package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Samples;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a student continues by itself: the prompts of samples, without what came after. */
final class OwnPrompts {
    private final Samples samples;
    private final List<List<Message>> messages;

    private OwnPrompts(Samples samples, List<List<Message>> messages) {
        this.samples = samples;
        this.messages = messages;
    }

    /**
     * Those that leave room for a token in a row.
     *
     * @param withMessages whether they are also wanted as messages, which are kept in memory then
     * @throws IllegalArgumentException if none does
     */
    static OwnPrompts of(TaughtSamples taught, int rowTokens, boolean withMessages) throws IOException {
        Samples all = taught.samples();
        int[] withRoom = IntStream.range(0, all.size())
                .filter(i -> all.length(i) <= rowTokens || promptLength(all.get(i)) < rowTokens)
                .toArray();
        if (withRoom.length == 0) {
            throw new IllegalArgumentException(
                    "on-policy: no prompt leaves room in a row of " + rowTokens + " tokens; raise train.row-tokens");
        }
        return new OwnPrompts(all.select(withRoom), withMessages ? messages(taught, withRoom) : List.of());
    }

    private static List<List<Message>> messages(TaughtSamples taught, int[] wanted) throws IOException {
        List<List<Message>> messages = new ArrayList<>();
        try (Stream<Trace> traces = taught.traces().open()) {
            Iterator<Trace> next = traces.iterator();
            for (int number = 0; messages.size() < wanted.length; number++) {
                List<Message> read = next.next().messages();
                if (number == wanted[messages.size()]) {
                    messages.add(read);
                }
            }
        }
        return messages;
    }

    private static int promptLength(Sample sample) {
        return sample.trained().getFirst().from();
    }

    int size() {
        return samples.size();
    }

    /** The prompt in the student's ids: the first of its sample, up to the first that is trained. */
    int[] ids(int number) {
        Sample sample = samples.get(number);
        return Arrays.copyOf(sample.ids(), promptLength(sample));
    }

    String traceId(int number) {
        return samples.traceId(number);
    }

    /** Its messages; none where they are not wanted. */
    List<Message> messages(int number) {
        return messages.isEmpty() ? List.of() : messages.get(number);
    }
}
