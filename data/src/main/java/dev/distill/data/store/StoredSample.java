package dev.distill.data.store;

import dev.distill.data.pack.Sample;
import dev.distill.data.pack.Sample.Span;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A sample, and where it comes from.
 *
 * @param trace the number of its trace among those that the store was made of, from 0
 * @param promptId of its trace
 * @param source of its prompt
 */
public record StoredSample(int trace, String promptId, String source, Sample sample) {
    /** The six whole numbers that a record begins with; see docs/formats.md. */
    static final int HEAD = 6 * Integer.BYTES;

    /** A record of the store, without its length and checksum. */
    byte[] encode() {
        byte[] traceId = sample.traceId().getBytes(StandardCharsets.UTF_8);
        byte[] prompt = promptId.getBytes(StandardCharsets.UTF_8);
        byte[] from = source.getBytes(StandardCharsets.UTF_8);
        List<Span> spans = sample.trained();
        int numbers = Math.addExact(2 * spans.size(), sample.length());
        int texts = traceId.length + prompt.length + from.length;
        ByteBuffer record = ByteBuffer.allocate(Math.addExact(HEAD + texts, Math.multiplyExact(Integer.BYTES, numbers)))
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(trace).putInt(sample.length()).putInt(spans.size());
        record.putInt(traceId.length).putInt(prompt.length).putInt(from.length);
        for (Span span : spans) {
            record.putInt(span.from()).putInt(span.to());
        }
        for (int id : sample.ids()) {
            record.putInt(id);
        }
        return record.put(traceId).put(prompt).put(from).array();
    }
}
