package dev.distill.train.teach;

import dev.distill.data.pack.Sample;
import dev.distill.teacher.ScoredText.Candidate;
import dev.distill.teacher.ScoredText.Token;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a server told of a sample's text. {@link #encode} is for a journal; docs/formats.md has the form.
 *
 * @param ids the student's
 * @param places of these, of which it is to tell what it expected there
 * @param before tokens that it reads before the student's first; {@link #ALIGNED} where its ids are others
 */
record Told(List<Token> tokens, int[] ids, int[] places, int before) {
    /** In the place of a number of tokens. */
    static final int ALIGNED = -1;

    static Told of(List<Token> tokens, Sample sample, int before) {
        int[] places = sample.trained().stream()
                .flatMapToInt(span -> IntStream.range(span.from(), span.to()))
                .toArray();
        return new Told(tokens, sample.ids(), places, before);
    }

    boolean isAligned() {
        return before == ALIGNED;
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(before);
            out.writeInt(tokens.size());
            for (Token token : tokens) {
                out.writeUTF(token.text());
                out.writeInt(token.id());
                out.writeInt(token.begin());
                out.writeDouble(token.logProbability());
                out.writeInt(token.likeliest().size());
                for (Candidate candidate : token.likeliest()) {
                    out.writeUTF(candidate.text());
                    out.writeInt(candidate.id());
                    out.writeDouble(candidate.logProbability());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if the bytes end too soon */
    static Told decode(byte[] code, Sample sample) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(code));
        int before = in.readInt();
        List<Token> tokens = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            tokens.add(new Token(in.readUTF(), in.readInt(), in.readInt(), in.readDouble(), candidates(in)));
        }
        return of(tokens, sample, before);
    }

    private static List<Candidate> candidates(DataInputStream in) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            candidates.add(new Candidate(in.readUTF(), in.readInt(), in.readDouble()));
        }
        return candidates;
    }
}
