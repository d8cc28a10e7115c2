package dev.distill.student.weights;

import static dev.distill.student.weights.WeightsException.Rule.*;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.distill.student.weights.WeightsException.Rule;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file, checked as its format demands: every byte of the data belongs to exactly one tensor,
 * so that a file can hide nothing and two readers cannot disagree about it.
 *
 * <p>Stricter than the reference implementation in two points: a name that stands twice is an error, and so are more than
 * about 250,000 tensors.
 *
 * @param entries in the order of their data
 * @param metadata the file's own notes, empty where it has none (some writers put {@code null} there)
 */
record SafetensorsHeader(List<TensorEntry> entries, Map<String, String> metadata) {
    static final int MAX_BYTES = 100_000_000;

    /** Of the JSON text: about 15 a tensor, 250,000 tensors. Without it, 100 MB of empty lists would take gigabytes. */
    private static final long MAX_TOKENS = 4_000_000;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(8)
                        .maxTokenCount(MAX_TOKENS)
                        .maxStringLength(MAX_BYTES)
                        .maxNameLength(1 << 16)
                        .build());
    }

    /** Reads and checks {@code json}, the header of {@code file}, whose data is {@code dataBytes} long. */
    static SafetensorsHeader parse(byte[] json, long dataBytes, String file) throws WeightsException {
        JsonNode root = readJson(json, file);
        List<TensorEntry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals("__metadata__")) {
                readMetadata(field.getValue(), metadata, file);
            } else {
                entries.add(readEntry(field.getKey(), field.getValue(), file));
            }
        }
        entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        checkLayout(entries, dataBytes, file);
        return new SafetensorsHeader(List.copyOf(entries), Collections.unmodifiableMap(metadata));
    }

    private static JsonNode readJson(byte[] json, String file) throws WeightsException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            throw bad(INVALID_HEADER, file, "the header must be UTF-8");
        }
        try {
            JsonNode root = JSON.readTree(text);
            if (root == null || !root.isObject()) {
                throw bad(INVALID_HEADER_DESERIALIZATION, file, "the header must be a JSON object");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw bad(INVALID_HEADER_DESERIALIZATION, file, "the header must be JSON: " + e.getOriginalMessage());
        }
    }

    private static void readMetadata(JsonNode node, Map<String, String> metadata, String file) throws WeightsException {
        if (node.isNull()) {
            return;
        }
        if (!node.isObject()) {
            throw bad(INVALID_HEADER_DESERIALIZATION, file, "__metadata__ must map strings to strings");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw bad(
                        INVALID_HEADER_DESERIALIZATION,
                        file,
                        "__metadata__ must map strings to strings; \"" + field.getKey() + "\" is a "
                                + field.getValue().getNodeType());
            }
            metadata.put(field.getKey(), field.getValue().asText());
        }
    }

    private static TensorEntry readEntry(String name, JsonNode node, String file) throws WeightsException {
        JsonNode dtype = node.path("dtype");
        StorageType type = dtype.isTextual() ? StorageType.named(dtype.asText()) : null;
        if (type == null) {
            throw bad(INVALID_HEADER_DESERIALIZATION, file, "tensor " + name + ": unknown dtype " + dtype);
        }
        List<Long> shape = new ArrayList<>();
        BigInteger bytes = BigInteger.valueOf(type.bytes());
        if (!node.path("shape").isArray()) {
            throw bad(INVALID_HEADER_DESERIALIZATION, file, "tensor " + name + ": shape must be a list");
        }
        for (JsonNode dimension : node.path("shape")) {
            BigInteger n = unsigned(dimension, name, file);
            bytes = bytes.multiply(n);
            if (n.bitLength() > 63 || bytes.bitLength() > 63) {
                throw bad(VALIDATION_OVERFLOW, file, "tensor " + name + ": its size in bytes must fit 63 bits");
            }
            shape.add(n.longValue());
        }
        JsonNode offsets = node.path("data_offsets");
        if (!offsets.isArray() || offsets.size() != 2) {
            throw bad(INVALID_HEADER_DESERIALIZATION, file, "tensor " + name + ": data_offsets must be [begin, end]");
        }
        BigInteger begin = unsigned(offsets.get(0), name, file);
        BigInteger end = unsigned(offsets.get(1), name, file);
        if (end.bitLength() > 63 || begin.compareTo(end) > 0) {
            throw bad(INVALID_OFFSET, file, "tensor " + name + ": data_offsets [" + begin + ", " + end + "]");
        }
        if (!end.subtract(begin).equals(bytes)) {
            throw bad(
                    TENSOR_INVALID_INFO,
                    file,
                    "tensor " + name + ": " + type + " " + shape + " needs " + bytes + " bytes, its data_offsets hold "
                            + end.subtract(begin));
        }
        return new TensorEntry(name, type, shape, begin.longValue(), end.longValue());
    }

    private static BigInteger unsigned(JsonNode node, String name, String file) throws WeightsException {
        if (!node.isIntegralNumber() || node.bigIntegerValue().signum() < 0) {
            throw bad(
                    INVALID_HEADER_DESERIALIZATION,
                    file,
                    "tensor " + name + ": shape and data_offsets must be whole numbers from 0; got " + node);
        }
        if (node.bigIntegerValue().bitLength() > 64) {
            throw bad(VALIDATION_OVERFLOW, file, "tensor " + name + ": " + node + " does not fit 64 bits");
        }
        return node.bigIntegerValue();
    }

    private static void checkLayout(List<TensorEntry> entries, long dataBytes, String file) throws WeightsException {
        long position = 0;
        for (TensorEntry entry : entries) {
            if (entry.begin() != position) {
                throw bad(
                        INVALID_OFFSET,
                        file,
                        "tensor " + entry.name() + " begins at " + entry.begin() + "; the one before it ends at "
                                + position + " (no holes, no overlap)");
            }
            position = entry.end();
        }
        if (position != dataBytes) {
            throw bad(
                    METADATA_INCOMPLETE_BUFFER,
                    file,
                    "the tensors end at byte " + position + " of the data, which has " + dataBytes
                            + " (a cut download?)");
        }
    }

    static WeightsException bad(Rule rule, String file, String what) {
        return new WeightsException(rule, file + ": not a sound safetensors file: " + what);
    }
}
