package dev.distill.data.curate;

import dev.distill.data.shard.TraceShards;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** Writes {@link ExaminedFiles}. They are there when {@link #publish} has returned; closing it before drops them. For one thread. */
public final class ExaminedWriter implements Closeable {
    private final ExaminedFiles files;
    private final Map<ExaminedFiles.Kind, Path> temporary = new EnumMap<>(ExaminedFiles.Kind.class);
    private final DataOutputStream facts;
    private final DataOutputStream verdicts;
    private final DataOutputStream shingles;
    private final VerdictTexts factTexts = new VerdictTexts();
    private final VerdictTexts verdictTexts = new VerdictTexts();

    ExaminedWriter(ExaminedFiles files) throws IOException {
        this.files = files;
        this.facts = begin(ExaminedFiles.Kind.FACTS);
        this.verdicts = begin(ExaminedFiles.Kind.VERDICTS);
        this.shingles = begin(ExaminedFiles.Kind.SHINGLES);
    }

    private DataOutputStream begin(ExaminedFiles.Kind kind) throws IOException {
        Path file = files.begin(kind);
        temporary.put(kind, file);
        return ExaminedFiles.out(file);
    }

    /** Writes the next trace. */
    public void add(Examined examined) throws IOException {
        Trace trace = examined.trace();
        verdictTexts.write(verdicts, trace.verdicts());
        ShingleList.write(shingles, examined.shingles());
        write(examined.facts());
        factTexts.write(facts, trace.promptId());
        factTexts.write(facts, trace.source());
        facts.writeInt(TraceShards.size(trace));
        facts.writeBoolean(examined.passed());
        if (!examined.passed()) {
            Verdict first = examined.failures().getFirst();
            factTexts.write(facts, first.by());
            factTexts.write(facts, first.reason());
        }
    }

    private void write(Facts of) throws IOException {
        facts.writeInt(of.key().sample());
        VerdictTexts.writeOnce(facts, of.key().id());
        VerdictTexts.writeOnce(facts, of.key().content());
        factTexts.write(facts, of.prompt());
        VerdictTexts.writeOnce(facts, of.text());
        facts.writeLong(of.length());
        factTexts.write(facts, of.mixClass());
        facts.writeByte(of.correct().ordinal());
        Facts.Fingerprint fingerprint = of.fingerprint();
        facts.writeInt(fingerprint == null ? -1 : fingerprint.bands().length);
        if (fingerprint != null) {
            for (long band : fingerprint.bands()) {
                facts.writeLong(band);
            }
            facts.writeLong(fingerprint.numbers());
        }
    }

    /** All traces are written: gives the files their names. */
    public void publish() throws IOException {
        facts.close();
        verdicts.close();
        shingles.close();
        for (Map.Entry<ExaminedFiles.Kind, Path> file : temporary.entrySet()) {
            files.publish(file.getKey(), file.getValue());
        }
        temporary.clear();
    }

    @Override
    public void close() throws IOException {
        try (facts;
                verdicts;
                shingles) {
            for (Path file : temporary.values()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
