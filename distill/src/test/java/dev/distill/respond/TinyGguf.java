package dev.distill.respond;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/** One tiny chat model, written twice by src/test/python/make_gguf_pair.py. */
public final class TinyGguf {
    private TinyGguf() {}

    public static Path file() {
        return resource("tiny.gguf");
    }

    /** The same as a Hugging Face folder. */
    public static Path folder() {
        return resource("tiny");
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(TinyGguf.class.getResource("/gguf/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
