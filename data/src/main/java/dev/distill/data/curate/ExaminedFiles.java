package dev.distill.data.curate;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.UUID;

/**
 * Where what was found out about each of some traces lies between the look at them and the choice among them, for workers that share
 * a folder: facts, verdicts and shingles, in a file each. A file has its name when it is whole; who writes it twice writes the
 * same.
 *
 * @param folder an existing one
 * @param name of these traces in it
 */
public record ExaminedFiles(String folder, String name) implements Serializable {
    private static final int BUFFER = 1 << 18;

    /** What a file holds. */
    enum Kind {
        FACTS,
        VERDICTS,
        SHINGLES
    }

    private Path file(Kind kind) {
        return Path.of(folder, name + "." + kind.name().toLowerCase(Locale.ROOT));
    }

    /** Begins to write them. */
    public ExaminedWriter write() throws IOException {
        return new ExaminedWriter(this);
    }

    /** What is known of each trace, in their order. */
    public ExaminedReader rows() throws IOException {
        return new ExaminedReader(in(Kind.FACTS));
    }

    /** The verdicts about each trace, in their order. */
    public VerdictList verdicts() throws IOException {
        return new VerdictList(in(Kind.VERDICTS));
    }

    /** The shingles of each trace, in their order. */
    public ShingleList shingles() throws IOException {
        return new ShingleList(in(Kind.SHINGLES));
    }

    /** A file to be, under a name of its own. */
    Path begin(Kind kind) {
        Path file = file(kind);
        return file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
    }

    void publish(Kind kind, Path written) throws IOException {
        Files.move(written, file(kind), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static DataOutputStream out(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
    }

    static DataInputStream in(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
    }

    private DataInputStream in(Kind kind) throws IOException {
        return in(file(kind));
    }
}
