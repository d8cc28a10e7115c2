package dev.distill.cli;

import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.weights.SafetensorsWriter;
import dev.distill.student.weights.StorageType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every logit of every text, for comparing with other programs: a safetensors file a text. */
record LogitFiles(Path folder) {
    static LogitFiles in(Path folder) throws IOException {
        Files.createDirectories(folder);
        return new LogitFiles(folder);
    }

    /** Writes {@code logits [T, V]} of this text; a file that is there is replaced. */
    void write(long line, Decoder model, int[] ids_T) throws IOException {
        int vocabulary = model.config().vocabulary();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment logits_TV = arena.allocate(ValueLayout.JAVA_FLOAT, (long) ids_T.length * vocabulary);
            model.forEachLogits(
                    PackedRow.nextToken(ids_T),
                    (n, logits_V) -> logits_TV
                            .asSlice((long) n * vocabulary * Float.BYTES, (long) vocabulary * Float.BYTES)
                            .copyFrom(logits_V.segment()));
            SafetensorsWriter.Item item = new SafetensorsWriter.Item(
                    "logits",
                    StorageType.F32,
                    List.of((long) ids_T.length, (long) vocabulary),
                    sink -> sink.accept(logits_TV));
            SafetensorsWriter.write(
                    folder.resolve(String.format(Locale.ROOT, "%06d.safetensors", line)),
                    List.of(item),
                    Map.of("format", "pt"));
        }
    }
}
