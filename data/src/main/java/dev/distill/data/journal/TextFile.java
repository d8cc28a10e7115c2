package dev.distill.data.journal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files that hold what models said. */
public final class TextFile {
    private TextFile() {}

    /**
     * Writes a new file in UTF-8, or over the old one. Half a surrogate pair, which a reply that was cut may hold, becomes a
     * question mark; the JDK's own writer for a path fails there, and with it the work of hours.
     */
    public static BufferedWriter writer(Path file) throws IOException {
        return new BufferedWriter(new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8));
    }
}
