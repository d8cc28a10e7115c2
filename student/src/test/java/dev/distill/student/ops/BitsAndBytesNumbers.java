package dev.distill.student.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** Results of bitsandbytes in {@code bitsandbytes.json}, made by {@code make_bitsandbytes_fixtures.py}. */
public record BitsAndBytesNumbers(JsonNode fields) {
    private static final JsonNode ALL = read();

    public static BitsAndBytesNumbers of(String name) {
        return new BitsAndBytesNumbers(Objects.requireNonNull(ALL.get(name), name));
    }

    /** The script's inputs: exact floats from -1 to 1. */
    public static float[] numbers(int count, int seed) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            long mixed = (i + 1) * 2654435761L + (seed + 1) * 40503L * 65537L & 0xFFFFFFFFL;
            mixed = (mixed ^ mixed >> 15) * 2246822519L & 0xFFFFFFFFL;
            mixed ^= mixed >> 13;
            numbers[i] = ((mixed >> 16) - 32768) / 32768f * (float) Math.pow(2, -(mixed % 11));
        }
        return numbers;
    }

    /** The same as a tensor. */
    public static Tensor tensor(int seed, int... shape) {
        Tensor tensor = Numbers.zeros(shape);
        tensor.setAll(numbers(Math.toIntExact(tensor.size()), seed));
        return tensor;
    }

    public byte[] codes(String name) {
        return HexFormat.of().parseHex(field(name).textValue());
    }

    public float[] floats(String name) {
        return floats(field(name));
    }

    public float number(String name) {
        return (float) field(name).doubleValue();
    }

    public int[] shape() {
        return StreamSupport.stream(field("shape").spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    /** Where the result is an array of numbers itself. */
    public float[] floats() {
        return floats(fields);
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).doubleValue();
        }
        return values;
    }

    private JsonNode field(String name) {
        return Objects.requireNonNull(fields.get(name), name);
    }

    private static JsonNode read() {
        try (InputStream file = BitsAndBytesNumbers.class.getResourceAsStream("bitsandbytes.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
