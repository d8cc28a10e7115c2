package dev.distill.student.weights;

import org.jspecify.annotations.Nullable;

/**
 * How numbers lie in a GGUF file: {@code blockSize} numbers in {@code blockBytes} bytes. Source: ggml's {@code
 * ggml-common.h} (block layouts) and the GGUF specification (type numbers).
 */
public enum GgufType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    BF16(30, 1, 2);

    private final int number;
    private final int blockSize;
    private final int blockBytes;

    GgufType(int number, int blockSize, int blockBytes) {
        this.number = number;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    public int blockSize() {
        return blockSize;
    }

    public int blockBytes() {
        return blockBytes;
    }

    static @Nullable GgufType numbered(int number) {
        for (GgufType type : values()) {
            if (type.number == number) {
                return type;
            }
        }
        return null;
    }
}
