package dev.distill.data.shard;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a teacher expects at P places of a text: of each place up to K tokens with their log-probabilities, and by what they leave of a whole the
 * mass of all others together.
 *
 * <p>{@link #encode} takes two to three bytes for a token's id, two for its log-probability, two for the rest and one or two for the count: some
 * 230 bytes a place with K = 50 and a vocabulary of 150,000. Log-probabilities become float16, which keeps them to a thousandth of themselves; the
 * rest is stored beside them, for a small one could not be had from their sum.
 */
public final class SparseDistributions {
    /** In the place of an id where a place has fewer than K tokens. */
    public static final int NONE = -1;

    private static final int MOST_VARINT_BYTES = 5;
    private static final double SMALLEST = 1e-9;

    private final int k;
    private final int[] ids_PK;
    private final float[] logProbabilities_PK;

    /**
     * The arrays are kept, not copied.
     *
     * @param k K, at least 1
     * @param ids_PK the likeliest first; {@link #NONE} behind the last
     * @param logProbabilities_PK natural logarithms
     */
    public SparseDistributions(int k, int[] ids_PK, float[] logProbabilities_PK) {
        if (k < 1 || ids_PK.length % k != 0 || ids_PK.length != logProbabilities_PK.length) {
            throw new IllegalArgumentException("teacher's distributions: need K of at least 1, and K ids and K"
                    + " log-probabilities a place; got K = " + k + ", " + ids_PK.length + " and "
                    + logProbabilities_PK.length);
        }
        this.k = k;
        this.ids_PK = ids_PK;
        this.logProbabilities_PK = logProbabilities_PK;
    }

    /** K. */
    public int k() {
        return k;
    }

    /** P. */
    public int places() {
        return ids_PK.length / k;
    }

    /** Copies a place's K ids and log-probabilities. */
    public void copy(int place, int[] ids, float[] logProbabilities, int to) {
        System.arraycopy(ids_PK, place * k, ids, to, k);
        System.arraycopy(logProbabilities_PK, place * k, logProbabilities, to, k);
    }

    private int count(int place) {
        int count = 0;
        while (count < k && ids_PK[place * k + count] != NONE) {
            count++;
        }
        return count;
    }

    /** Place after place: the count and the ids as LEB128 varints, then the log-probabilities and that of the rest as float16, little endian. */
    public byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(places() * k * 5);
        for (int place = 0; place < places(); place++) {
            int count = count(place);
            putVarint(out, count);
            for (int i = 0; i < count; i++) {
                putVarint(out, ids_PK[place * k + i]);
            }
            double named = 0;
            for (int i = 0; i < count; i++) {
                putHalf(out, logProbabilities_PK[place * k + i]);
                named += StrictMath.exp(logProbabilities_PK[place * k + i]);
            }
            if (count > 0) {
                putHalf(out, (float) StrictMath.log(Math.max(SMALLEST, 1 - named)));
            }
        }
        return out.toByteArray();
    }

    /**
     * What was encoded, each place's probabilities scaled so that they and the rest make a whole.
     *
     * @throws IllegalArgumentException if these are not the bytes of so many places
     */
    public static SparseDistributions decode(byte[] bytes, int places, int k) {
        checkClaim(bytes.length, places, k);
        int[] ids = new int[places * k];
        float[] logProbabilities = new float[ids.length];
        Arrays.fill(ids, NONE);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            for (int place = 0; place < places; place++) {
                int count = varint(in);
                require(count <= k, place);
                for (int i = 0; i < count; i++) {
                    ids[place * k + i] = varint(in);
                }
                readProbabilities(in, logProbabilities, place * k, count);
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("teacher's distributions: end before " + places + " places", e);
        }
        require(!in.hasRemaining(), places);
        return new SparseDistributions(k, ids, logProbabilities);
    }

    /** A place has a byte at least. For tokens that are not there, up to K of each place, as much memory is taken as a row of a file may have. */
    private static void checkClaim(int bytes, int places, int k) {
        long numbers = Math.max(bytes, ReadLimits.row() / (Integer.BYTES + Float.BYTES));
        if (places < 0 || places > bytes || k < 1 || (long) places * k > numbers) {
            throw new IllegalArgumentException("teacher's distributions: " + bytes + " bytes claim " + places
                    + " places of up to " + k + " tokens, more than they can hold");
        }
    }

    private static void readProbabilities(ByteBuffer in, float[] to, int from, int count) {
        double named = 0;
        for (int i = 0; i < count; i++) {
            to[from + i] = Float.float16ToFloat(in.getShort());
            named += StrictMath.exp(to[from + i]);
        }
        if (count > 0) {
            double rest = StrictMath.exp(Float.float16ToFloat(in.getShort()));
            float shift = (float) StrictMath.log((1 - Math.min(rest, 1 - SMALLEST)) / named);
            for (int i = 0; i < count; i++) {
                to[from + i] += shift;
            }
        }
    }

    private static void require(boolean sound, int place) {
        if (!sound) {
            throw new IllegalArgumentException("teacher's distributions: place " + place + " is damaged");
        }
    }

    private static void putVarint(ByteArrayOutputStream out, int value) {
        int left = value;
        while (left >= 0x80) {
            out.write(left & 0x7F | 0x80);
            left >>>= 7;
        }
        out.write(left);
    }

    private static int varint(ByteBuffer in) {
        int value = 0;
        for (int i = 0; i < MOST_VARINT_BYTES; i++) {
            int part = in.get();
            value |= (part & 0x7F) << 7 * i;
            if (part >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("teacher's distributions: a number is damaged");
    }

    private static void putHalf(ByteArrayOutputStream out, float value) {
        short half = Float.floatToFloat16(value);
        out.write(half & 0xFF);
        out.write(half >> Byte.SIZE & 0xFF);
    }
}
