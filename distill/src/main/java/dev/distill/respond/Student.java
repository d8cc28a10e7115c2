package dev.distill.respond;

import dev.distill.data.shard.FileEntry;
import dev.distill.data.trace.Hash;
import dev.distill.student.adapter.Lora;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.ModelConfig;
import dev.distill.student.model.ModelWeights;
import dev.distill.student.ops.Ops;
import dev.distill.student.weights.StoredWeights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model that is ready to answer: weights, tokenizer, chat template, and the ids at which it stops. */
public final class Student implements AutoCloseable {
    private final String name;
    private final Supplier<String> fingerprint;
    private final Decoder model;
    private final Language language;
    private final Set<Integer> endIds;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private @Nullable Opened opened; // of a stored model

    /** What other adapters of the same model share. */
    private record Opened(Source source, ModelWeights weights) {}

    /**
     * A student made of parts that somebody else owns and closes: a model that is being trained.
     *
     * @param name in reports
     * @param fingerprint of all that decides what it answers
     */
    public Student(String name, Supplier<String> fingerprint, Decoder model, Language language) throws IOException {
        this.name = name;
        this.fingerprint = fingerprint;
        this.model = model;
        this.language = language;
        this.endIds = language.endIds(model.config());
    }

    /** A student that closes the model, its words and its weights with itself. */
    public static Student owning(
            String name, String fingerprint, Decoder model, Language language, AutoCloseable weights)
            throws IOException {
        Student student = new Student(name, () -> fingerprint, model, language);
        List.of(model, language, weights).forEach(student.owned::add);
        return student;
    }

    /**
     * What to open.
     *
     * @param model a Hugging Face folder or a GGUF file
     * @param adapter a PEFT folder whose LoRA is applied, unmerged; null for none
     * @param ropeTheta in place of the base of rotary frequencies that the model states; empty for that one
     */
    public record Source(Path model, @Nullable Path adapter, OptionalDouble ropeTheta) {
        public Source(Path model, @Nullable Path adapter) {
            this(model, adapter, OptionalDouble.empty());
        }

        /** The last names of model and adapter. */
        String name() {
            return adapter == null ? lastName(model) : lastName(model) + " + " + lastName(adapter);
        }

        ModelConfig config(StoredWeights stored) {
            return ropeTheta.isPresent() ? stored.config().withRopeTheta(ropeTheta.getAsDouble()) : stored.config();
        }

        /** Names and contents of weights, configuration, tokenizer and template, and what is put in their place. */
        String hash() {
            List<String> parts = new ArrayList<>();
            for (Path part : adapter == null ? List.of(model) : List.of(model, adapter)) {
                try (Stream<Path> files = Files.walk(part, 1)) {
                    for (Path file : files.filter(Student::decides).sorted().toList()) {
                        parts.add(file.getFileName() + " " + FileEntry.sha256(file));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            ropeTheta.ifPresent(theta -> parts.add("rope theta " + theta));
            return Hash.of(parts);
        }
    }

    /** Opens a model, and an adapter's LoRA if there is one, under their own names. */
    public static Student open(Path model, @Nullable Path adapter, Ops ops) throws IOException {
        Source source = new Source(model, adapter);
        return open(source.name(), source, ops);
    }

    /** Opens it under its own name. */
    public static Student open(Source source, Ops ops) throws IOException {
        return open(source.name(), source, ops);
    }

    private static String lastName(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /** Opens a model, and an adapter's LoRA if there is one, under a name of their own. */
    public static Student open(String name, Path model, @Nullable Path adapter, Ops ops) throws IOException {
        return open(name, new Source(model, adapter), ops);
    }

    /** Opens it for inference: weights frozen, FLOAT ones used where they are mapped. */
    public static Student open(String name, Source source, Ops ops) throws IOException {
        Deque<AutoCloseable> owned = new ArrayDeque<>();
        try {
            StoredWeights stored = StoredWeights.open(source.model);
            owned.push(stored);
            ModelWeights weights = ModelWeights.load(source.config(stored), stored, ops, ModelWeights.Use.INFERENCE);
            owned.push(weights);
            Decoder model = decoder(source.adapter(), weights, ops, owned);
            Language language = Language.open(source.model);
            owned.push(language);
            Student student = new Student(name, source::hash, model, language);
            student.owned.addAll(owned);
            student.opened = new Opened(source, weights);
            return student;
        } catch (IOException | RuntimeException e) {
            closeAll(owned);
            throw e;
        }
    }

    /**
     * The same model with this adapter in place of its own, if it has one: weights, tokenizer and template are shared, and this student is
     * to be closed last. Several may answer in turns, one at a time.
     *
     * @param adapter a PEFT folder; null for the model alone
     */
    public Student with(@Nullable Path adapter) throws IOException {
        if (opened == null) {
            throw new IllegalStateException(
                    name + ": only a model that was opened from its files can have other adapters");
        }
        Source source = new Source(opened.source.model, adapter, opened.source.ropeTheta);
        Deque<AutoCloseable> own = new ArrayDeque<>();
        try {
            Decoder other = decoder(adapter, opened.weights, model.ops(), own);
            Student student = new Student(source.name(), source::hash, other, language);
            student.owned.addAll(own);
            student.opened = new Opened(source, opened.weights);
            return student;
        } catch (IOException | RuntimeException e) {
            closeAll(own);
            throw e;
        }
    }

    /** The decoder, and before it the adapter, are put into {@code owned}. */
    private static Decoder decoder(@Nullable Path adapter, ModelWeights weights, Ops ops, Deque<AutoCloseable> owned)
            throws IOException {
        Decoder model;
        if (adapter == null) {
            model = new Decoder(ops, weights);
        } else {
            Lora lora = AdapterFolder.load(adapter, weights.config(), ops);
            owned.push(lora);
            model = new Decoder(ops, weights, lora, Decoder.Memory.KEEP);
        }
        owned.push(model);
        return model;
    }

    public String name() {
        return name;
    }

    /**
     * A hash of all that decides what it answers beside prompt and sampling: the files of model and adapter. Reads them
     * whole, so that the first call takes about as long as loading did.
     */
    public String fingerprint() {
        return fingerprint.get();
    }

    private static boolean decides(Path file) {
        return String.valueOf(file.getFileName()).matches(".*\\.(safetensors|gguf|json|jinja)")
                && Files.isRegularFile(file);
    }

    public Decoder model() {
        return model;
    }

    public ModelConfig config() {
        return model.config();
    }

    public Language language() {
        return language;
    }

    public Set<Integer> endIds() {
        return endIds;
    }

    /**
     * A text's token ids.
     *
     * @throws IllegalArgumentException if one of them is beyond the model's embeddings, as a tokenizer's added tokens may be
     */
    public int[] encode(String text) {
        int[] ids = language.tokenizer().encode(text);
        for (int id : ids) {
            if (id >= config().vocabulary()) {
                throw new IllegalArgumentException(name + ": this text holds the token "
                        + new String(language.tokenizer().bytes(id), StandardCharsets.UTF_8) + ", number " + id
                        + ", and the model has embeddings of " + config().vocabulary()
                        + " alone; leave it out, or take the tokenizer that the model was trained with");
            }
        }
        return ids;
    }

    @Override
    public void close() {
        closeAll(owned);
    }

    /** Last opened, first closed. */
    private static void closeAll(Deque<AutoCloseable> owned) {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("closing a model", e);
            }
        }
    }
}
