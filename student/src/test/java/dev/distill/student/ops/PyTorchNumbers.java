package dev.distill.student.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** One operation's inputs and results in {@code pytorch.json}. */
record PyTorchNumbers(String operation, JsonNode fields) {
    private static final JsonNode ALL = read();

    static PyTorchNumbers of(String operation) {
        return new PyTorchNumbers(operation, Objects.requireNonNull(ALL.get(operation), operation));
    }

    /** A fresh tensor, each time it is asked for. Inputs are exact as floats. */
    Tensor tensor(String name) {
        double[] values = numbers(name);
        Tensor tensor = Numbers.zeros(ints(field(name).get("shape")));
        for (int i = 0; i < values.length; i++) {
            tensor.set(i, (float) values[i]);
        }
        return tensor;
    }

    double[] numbers(String name) {
        return StreamSupport.stream(field(name).get("values").spliterator(), false)
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
    }

    int[] indices(String name) {
        return ints(field(name).get("values"));
    }

    float number(String name) {
        return field(name).floatValue();
    }

    /** See {@link Numbers#assertClose}. */
    void assertClose(String name, Tensor actual, double tolerance) {
        Numbers.assertClose(operation + "." + name + " of PyTorch", actual, numbers(name), tolerance);
    }

    private JsonNode field(String name) {
        return Objects.requireNonNull(fields.get(name), operation + "." + name);
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    private static JsonNode read() {
        try (InputStream file = PyTorchNumbers.class.getResourceAsStream("pytorch.json")) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
