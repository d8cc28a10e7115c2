package dev.distill.data.tokenize;

import dev.distill.data.tokenize.TokenizerException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A {@code tokenizer.json}, and the one place that decides what runs it: {@link BpeTokenizer} where it can, for it is the faster, and
 * Hugging Face's native code ({@link HfTokenizer}) for all else. Both give the same ids.
 *
 * @param json the bytes of the file
 * @param name where they came from, for messages
 */
public record TokenizerFile(byte[] json, String name) {
    /**
     * Opens the tokenizer of a model's folder, or a {@code tokenizer.json} itself. {@link Tokenizer#engine} tells what runs it.
     *
     * @throws TokenizerException if the file is missing or broken, or if it needs native code that does not load here
     */
    public static Tokenizer open(Path path) {
        return read(path).open();
    }

    /** Reads the file, and does not yet look into it. */
    static TokenizerFile read(Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("tokenizer.json") : path;
        try {
            return new TokenizerFile(Files.readAllBytes(file), file.toString());
        } catch (IOException e) {
            throw new TokenizerException(
                    Fault.FILE,
                    "tokenizer " + file + ": cannot be read (" + e
                            + "); give a model's folder that holds a tokenizer.json, or the file itself",
                    e);
        }
    }

    Tokenizer open() {
        try {
            return BpeTokenizer.of(json, name);
        } catch (TokenizerException e) {
            if (e.fault() == Fault.UNSUPPORTED) {
                return HfTokenizer.of(json, name);
            }
            throw e;
        }
    }

    static TokenizerException broken(String name, Exception e) {
        return new TokenizerException(
                Fault.FILE,
                "tokenizer " + name + ": not a tokenizer.json that the tokenizers library can read (" + e.getMessage()
                        + "); is the download complete?",
                e);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
