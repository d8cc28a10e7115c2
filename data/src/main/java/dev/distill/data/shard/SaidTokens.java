package dev.distill.data.shard;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one reply as its teacher wrote them, each with what the teacher expected in its place: bytes, for ids are the teacher's own. Kept as
 * they lie on the disk (docs/formats.md, a teacher's tokens), for a long reply has hundreds of thousands of candidates.
 */
public final class SaidTokens {
    /** Which of the two texts a token is of. */
    public enum Part {
        REASONING,
        ANSWER
    }

    /**
     * One token.
     *
     * @param bytes of its text, perhaps part of a character; none for a special token that is not written
     * @param logProbability of it, natural
     * @param likeliest in its place, as they were told; it may be among them or not
     */
    public record Token(Part part, byte[] bytes, float logProbability, List<Candidate> likeliest) {
        public Token {
            likeliest = List.copyOf(likeliest);
        }
    }

    /** A token that might stand in a place. */
    public record Candidate(byte[] bytes, float logProbability) {}

    private final byte[] code;

    private SaidTokens(byte[] code) {
        this.code = code;
    }

    /** Those of this code; {@link #tokens} finds out whether it is sound. */
    public static SaidTokens of(byte[] code) {
        return new SaidTokens(code.clone());
    }

    /** As they lie on the disk. */
    public byte[] code() {
        return code.clone();
    }

    /** That the code has. */
    int bytes() {
        return code.length;
    }

    /** @throws IllegalArgumentException if the code is damaged */
    public List<Token> tokens() {
        List<Token> tokens = new ArrayList<>();
        Reader in = new Reader(code);
        while (in.at < code.length) {
            int head = in.number();
            byte[] bytes = in.bytes(head >>> 1);
            float own = in.half();
            List<Candidate> likeliest = new ArrayList<>();
            for (int left = in.number(); left > 0; left--) {
                likeliest.add(new Candidate(in.bytes(in.number()), in.half()));
            }
            tokens.add(new Token((head & 1) == 0 ? Part.REASONING : Part.ANSWER, bytes, own, likeliest));
        }
        return tokens;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SaidTokens said && Arrays.equals(code, said.code);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(code);
    }

    @Override
    public String toString() {
        return "tokens in " + code.length + " bytes";
    }

    private static final class Reader {
        private final byte[] code;
        private int at;

        Reader(byte[] code) {
            this.code = code;
        }

        private int next() {
            if (at >= code.length) {
                throw new IllegalArgumentException("teacher's tokens: end in the middle, after " + at + " bytes");
            }
            return code[at++] & 0xff;
        }

        /** LEB128. */
        int number() {
            int value = 0;
            for (int shift = 0; shift < 32; shift += 7) {
                int part = next();
                value |= (part & 0x7f) << shift;
                if (part < 0x80) {
                    return value;
                }
            }
            throw new IllegalArgumentException("teacher's tokens: a number has too many bytes, at " + at);
        }

        byte[] bytes(int length) {
            if (length < 0 || length > code.length - at) {
                throw new IllegalArgumentException("teacher's tokens: end in the middle, after " + at + " bytes");
            }
            at += length;
            return Arrays.copyOfRange(code, at - length, at);
        }

        float half() {
            return Float.float16ToFloat((short) (next() | next() << 8));
        }
    }

    /** Takes a reply's tokens as they come. */
    public static final class Builder {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream candidates = new ByteArrayOutputStream();
        private int open;
        private boolean begun;

        /** Begins a token. */
        public void token(Part part, byte[] bytes, float logProbability) {
            close();
            begun = true;
            number(out, bytes.length << 1 | (part == Part.REASONING ? 0 : 1));
            out.writeBytes(bytes);
            half(out, logProbability);
        }

        /** One more that might have stood in the place of the last. */
        public void candidate(byte[] bytes, float logProbability) {
            open++;
            number(candidates, bytes.length);
            candidates.writeBytes(bytes);
            half(candidates, logProbability);
        }

        /** Bytes so far. */
        public long size() {
            return (long) out.size() + candidates.size();
        }

        private void close() {
            if (begun) {
                number(out, open);
                out.writeBytes(candidates.toByteArray());
                candidates.reset();
                open = 0;
                begun = false;
            }
        }

        /** What was told; null if nothing was. */
        public @Nullable SaidTokens build() {
            close();
            return out.size() == 0 ? null : new SaidTokens(out.toByteArray());
        }

        private static void number(ByteArrayOutputStream out, int value) {
            int left = value;
            while (left >= 0x80) {
                out.write(left & 0x7f | 0x80);
                left >>>= 7;
            }
            out.write(left);
        }

        private static void half(ByteArrayOutputStream out, float value) {
            short half = Float.floatToFloat16(value);
            out.write(half & 0xff);
            out.write(half >> 8 & 0xff);
        }
    }
}
