package dev.distill.student.tensor;

/** How one number of a tensor is stored. */
public enum DType {
    /** IEEE 754 binary32, little endian. The type that is computed in. */
    FLOAT(Float.BYTES),
    /** The upper half of a binary32, little endian. A type to store in, and to multiply in. */
    BFLOAT16(Short.BYTES),
    /** A signed byte, times a FLOAT scale that its row shares. For matrices that are used and not trained. */
    INT8(Byte.BYTES);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one number, in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The number that a bfloat16 stands for; exact. */
    public static float widen(short bfloat16) {
        return Float.intBitsToFloat(bfloat16 << 16);
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
