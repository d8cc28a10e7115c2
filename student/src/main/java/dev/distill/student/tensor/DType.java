package dev.distill.student.tensor;

/** How one number of a tensor is stored. */
public enum DType {
    /** IEEE 754 binary32, little endian. The type that is computed in. */
    FLOAT(Float.BYTES),
    /** The upper half of a binary32, little endian. A type to store in, and to multiply in. */
    BFLOAT16(Short.BYTES),
    /**
     * A binary32 in two pieces: all upper halves as BFLOAT16, rounded to the nearest, then for each what rounding took off, a signed 16-bit
     * count of binary32's units in the last place. For weights that are trained and multiplied in BFLOAT16 (the split weights of Kalamkar et
     * al. 2019, arXiv:1905.12322, section 4): the upper halves are the copy that products need, and take no memory of their own.
     */
    SPLIT(Float.BYTES),
    /** A signed byte, times a FLOAT scale that its row shares. For matrices that are used and not trained. */
    INT8(Byte.BYTES),
    /** INT8 in the order of {@link PackedLayout}, in which products read it fastest. For matrices that are only ever multiplied by activations. */
    PACKED(Byte.BYTES),
    /**
     * Four bits, from -8 to 7, times a FLOAT16 scale that 32 numbers of a row share: GGUF's Q4_0, in the order of {@link NibbleLayout}. For matrices
     * that are only ever multiplied by activations.
     */
    NIBBLES(Byte.BYTES),
    /**
     * A byte that stands for one of the numbers from -1 to 1 of {@link DynamicMap#SIGNED}, times a FLOAT scale that 256 numbers of the flattened
     * tensor share. For the first moments of an optimizer, and for scales.
     */
    DYNAMIC(Byte.BYTES),
    /** The same with {@link DynamicMap#UNSIGNED}, from 0 to 1. For second moments. */
    UNSIGNED_DYNAMIC(Byte.BYTES),
    /**
     * Four bits that stand for one of 16 shares of a scale, which 64 numbers of the flattened matrix have in common: QLoRA's NormalFloat, in the order
     * of {@link NormalFloatLayout}. For matrices that are multiplied, forward and backward, and not trained.
     */
    NF4(Byte.BYTES);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one number, in bytes; a whole one for NIBBLES and NF4 too. */
    public int bytes() {
        return bytes;
    }

    /** Whether numbers have few bits, and scales that lie elsewhere. */
    public boolean isRounded() {
        return switch (this) {
            case FLOAT, BFLOAT16, SPLIT -> false;
            case INT8, PACKED, NIBBLES, DYNAMIC, UNSIGNED_DYNAMIC, NF4 -> true;
        };
    }

    /** Whether numbers are codes of a {@link DynamicMap}. */
    public boolean isDynamic() {
        return this == DYNAMIC || this == UNSIGNED_DYNAMIC;
    }

    /** The map of DYNAMIC or UNSIGNED_DYNAMIC. */
    public DynamicMap map() {
        if (!isDynamic()) {
            throw new IllegalStateException("tensor: " + this + " has no map");
        }
        return this == DYNAMIC ? DynamicMap.SIGNED : DynamicMap.UNSIGNED;
    }

    /** The number that a bfloat16 stands for; exact. */
    public static float widen(short bfloat16) {
        return Float.intBitsToFloat(bfloat16 << 16);
    }

    /**
     * The upper half of a number in {@link #SPLIT}: the nearest bfloat16, ties away from zero, so that what is left fits into 16 bits.
     * NaN with a payload in its last 16 bits only is none that arithmetic gives, and not kept in the upper half.
     */
    public static short upper(float value) {
        return (short) ((Float.floatToRawIntBits(value) + 0x8000) >>> 16);
    }

    /** The lower half to {@link #upper}. */
    public static short lower(float value) {
        return (short) Float.floatToRawIntBits(value); // modulo 2^16, and so signed the difference to the upper half
    }

    /** The number that was split; exact. */
    public static float join(short upper, short lower) {
        return Float.intBitsToFloat((upper << 16) + lower);
    }

    /** The nearest bfloat16, ties to even; NaN stays NaN and what is too large becomes infinity. */
    public static short narrow(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40); // keep it a (quiet) NaN when the lower half carried the payload
        }
        int half = 0x7FFF + ((bits >>> 16) & 1);
        return (short) ((bits + half) >>> 16);
    }
}
