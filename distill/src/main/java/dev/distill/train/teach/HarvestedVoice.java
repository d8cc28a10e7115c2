package dev.distill.train.teach;

import dev.distill.data.shard.SaidTokens;
import dev.distill.data.shard.SparseDistributions;
import dev.distill.data.shard.TokenFolder;
import dev.distill.data.tokenize.Tokenizer;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ScoredText.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A teacher that has told what it expected while it wrote: a harvest's tokens with their log-probabilities, aligned on bytes with the student's. What
 * stands around the texts (the think tags, the end of the turn) the teacher did not write so: nothing is learnt of it there but the text.
 */
public final class HarvestedVoice implements TeacherVoice, AutoCloseable {
    private final Tokenizer student;
    private final AlignedWords words;
    private final Path spill;
    private final FileChannel codes;
    private final Map<String, Place> places = new HashMap<>();
    private long unread;

    /** Where a trace's tokens lie in the file. */
    private record Place(long at, int length) {}

    private HarvestedVoice(Tokenizer student, AlignedWords words, Path spill, FileChannel codes) {
        this.student = student;
        this.words = words;
        this.spill = spill;
        this.codes = codes;
    }

    /**
     * Lays the tokens out, for traces are read in any order.
     *
     * @param rows of the student's embedding
     * @param spill a file that is written, and deleted when this is closed
     */
    public static HarvestedVoice open(TokenFolder tokens, Tokenizer student, int rows, int topK, Path spill)
            throws IOException {
        FileChannel codes = FileChannel.open(
                spill,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        HarvestedVoice voice = new HarvestedVoice(student, new AlignedWords(student, rows, topK), spill, codes);
        try {
            tokens.forEach(row -> voice.keep(row.traceId(), row.tokens()));
            return voice;
        } catch (IOException | RuntimeException e) {
            voice.close();
            throw e;
        }
    }

    private void keep(String trace, SaidTokens tokens) {
        try {
            byte[] code = tokens.code();
            places.put(trace, new Place(codes.size(), code.length));
            ByteBuffer left = ByteBuffer.wrap(code);
            while (left.hasRemaining()) {
                int ignored = codes.write(left, codes.size());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<SparseDistributions> expect(List<Taught> samples) {
        return samples.stream().map(this::expect).toList();
    }

    private SparseDistributions expect(Taught taught) {
        int[] ids = taught.sample().ids();
        int[] trained = taught.sample().trained().stream()
                .flatMapToInt(span -> IntStream.range(span.from(), span.to()))
                .toArray();
        TokenPairs pairs = pairs(taught.trace(), ids);
        unread += pairs == null ? 1 : 0;
        return words.at(trained, ids, pairs);
    }

    private @Nullable TokenPairs pairs(Trace trace, int[] ids) {
        Place place = places.get(trace.id());
        if (place == null) {
            return null;
        }
        SaidTokens said = SaidTokens.of(read(place));
        for (boolean withoutSpecial : new boolean[] {false, true}) {
            List<Token> laid = SaidText.lay(said, trace, student.decode(ids, withoutSpecial));
            TokenPairs pairs = laid == null ? null : TokenPairs.of(laid, ids, student);
            if (pairs != null) {
                return pairs;
            }
        }
        return null;
    }

    private byte[] read(Place place) {
        ByteBuffer code = ByteBuffer.allocate(place.length);
        try {
            while (code.hasRemaining() && codes.read(code, place.at + code.position()) >= 0) {
                // a read may bring less than what is asked for
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return code.array();
    }

    @Override
    public boolean readsMessages() {
        return false;
    }

    @Override
    public List<SparseDistributions> read(List<Written> texts) {
        throw new UnsupportedOperationException(
                "a harvest's tokens are of its own texts; train.distill.on-policy needs a teacher that can be asked");
    }

    /** Traces of which it told nothing, or whose texts the student is not taught as they were written. */
    @Override
    public long unread() {
        return unread;
    }

    @Override
    public void close() throws IOException {
        codes.close();
        Files.deleteIfExists(spill);
    }
}
