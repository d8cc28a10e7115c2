package dev.distill.student.weights;

import java.io.IOException;

/** A weights file that is not what it must be. The message names the file, the rule, the value found and the cure. */
public final class WeightsException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The rules, in the words of the safetensors reference implementation where it has one. */
    public enum Rule {
        /** Shorter than the eight bytes of the header length. */
        HEADER_TOO_SMALL,
        /** A header of more than 100,000,000 bytes. */
        HEADER_TOO_LARGE,
        /** A header that reaches past the end of the file. */
        INVALID_HEADER_LENGTH,
        /** A header that is no UTF-8. */
        INVALID_HEADER,
        /** A header that is no JSON of the form that the format asks for. */
        INVALID_HEADER_DESERIALIZATION,
        /** Tensors that overlap, leave a hole, or end before they begin. */
        INVALID_OFFSET,
        /** A shape whose size in bytes is not the length of its data. */
        TENSOR_INVALID_INFO,
        /** A shape whose size in bytes does not fit 63 bits. */
        VALIDATION_OVERFLOW,
        /** Data that ends before or behind the last tensor. */
        METADATA_INCOMPLETE_BUFFER,
        /** An index that points outside its folder, to a missing file, or to a tensor that its file lacks. */
        INVALID_INDEX,
        /** A tensor that was asked for and is not there, or has another shape or type. */
        MISSING_TENSOR
    }

    private final Rule rule;

    WeightsException(Rule rule, String message) {
        super(message);
        this.rule = rule;
    }

    public Rule rule() {
        return rule;
    }
}
