package dev.distill.teacher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The secret that pays. It leaves this class only as the value of the header that signs a request, and {@link #mask} keeps it and
 * its parts out of every text that a person or a file may see.
 */
public final class ApiKey {
    /** No key: for a server on one's own machine. */
    public static final ApiKey NONE = new ApiKey("", "");

    private static final String MASK = "***";
    /** Parts of a key as short as this are masked in messages. */
    private static final int SHORTEST_PART = 4;
    /** A real key; shorter ones ("none", "EMPTY") are words that local servers are given and that replies may hold. */
    private static final int SHORTEST_REAL_KEY = 16;

    /** Anything that looks like somebody's key, whole or with its middle starred out. */
    private static final Pattern LOOKS_LIKE_KEY = Pattern.compile(
            "(?i:\\bsk-|\\bgsk_|\\bxai-|\\bBearer\\s+)[A-Za-z0-9._*\\-]{4,}|\\bAIza[A-Za-z0-9_*\\-]{20,}");

    private static final String SALT = "distill: which key paid\n";
    /** Enough to tell the keys of one harvest apart, and far too few to find one. */
    private static final int FINGERPRINT_BYTES = 4;

    private final String secret;
    private final String name;

    private ApiKey(String secret, String name) {
        this.secret = secret;
        this.name = name;
    }

    /** A key that is already in memory. Its only use outside tests is a caller that reads keys from elsewhere. */
    public static ApiKey of(String secret) {
        return of(secret, "key");
    }

    private static ApiKey of(String secret, String name) {
        String stripped = secret.strip();
        if (stripped.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
            throw new IllegalArgumentException(
                    "api key: must be printable ASCII without spaces; got something else (not shown); is it one line?");
        }
        return new ApiKey(stripped, name);
    }

    /** The key in this environment variable. */
    public static ApiKey fromEnvironment(String variable) {
        String value = System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("api key: environment variable " + variable
                    + " must hold the key; it is not set; export it in the shell that starts the run");
        }
        return of(value, variable);
    }

    /** The key in this file, which only its owner may read or write. */
    public static ApiKey fromFile(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        if (!Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                .containsAll(mode)) {
            throw new IllegalArgumentException("api key: " + file
                    + " must be readable by its owner alone; others may read it too; run chmod 600 on it");
        }
        return of(Files.readString(file), String.valueOf(file.getFileName()));
    }

    public boolean isPresent() {
        return !secret.isEmpty();
    }

    /**
     * Which key it is, for whoever adds up what each has paid: the name of the variable or file that it came from, and the first
     * eight hex digits of a salted SHA-256, which differ where another key came from there; empty for no key.
     */
    public String label() {
        if (!isPresent()) {
            return "";
        }
        return name + " " + HexFormat.of().formatHex(Arrays.copyOf(sha256(SALT + secret), FINGERPRINT_BYTES));
    }

    /** The value of the Authorization header. Nothing else may be done with it. */
    public String authorization() {
        return signed("Bearer ");
    }

    /**
     * The value of a header that signs a request. Nothing else may be done with it.
     *
     * @param prefix what stands before the key
     */
    public String signed(String prefix) {
        return prefix + secret;
    }

    /** For whoever lets in by it: whether this is the key, found out in a time that tells nothing of it. No key is nobody's. */
    public boolean isSecret(String given) {
        return isPresent() & MessageDigest.isEqual(sha256(secret), sha256(given));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The text of a message without this key, without any part of it of four characters or more, and without other keys. */
    public String mask(String text) {
        if (secret.length() < SHORTEST_PART) {
            return LOOKS_LIKE_KEY.matcher(text).replaceAll(MASK);
        }
        BitSet hidden = new BitSet(text.length());
        for (int i = 0; i + SHORTEST_PART <= text.length(); i++) {
            if (secret.contains(text.substring(i, i + SHORTEST_PART))) {
                hidden.set(i, i + SHORTEST_PART);
            }
        }
        StringBuilder masked = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            if (hidden.get(i)) {
                masked.append(MASK);
                i = hidden.nextClearBit(i);
            } else {
                masked.append(text.charAt(i++));
            }
        }
        return LOOKS_LIKE_KEY.matcher(masked).replaceAll(MASK);
    }

    /** The text of a reply without this key as a whole. Its parts stay: a reply is data, and short parts occur by chance. */
    public String redact(String reply) {
        return secret.length() >= SHORTEST_REAL_KEY ? reply.replace(secret, MASK) : reply;
    }

    @Override
    public String toString() {
        return isPresent() ? MASK : "none";
    }
}
