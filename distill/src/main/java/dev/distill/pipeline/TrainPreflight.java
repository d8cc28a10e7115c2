package dev.distill.pipeline;

import dev.distill.data.store.SampleStore;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.respond.Language;
import dev.distill.student.model.ModelConfig;
import dev.distill.train.SampleMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces to samples, and what would spoil the training of them: looked for before the first step, all at once, each with its
 * cure. Nothing is left out without being counted.
 */
final class TrainPreflight {
    private static final Logger LOG = LoggerFactory.getLogger(TrainPreflight.class);

    private final Language words;
    private final ModelConfig model;
    private final SampleMaker.Objective objective;
    private final TrainPart train;
    private final List<String> problems = new ArrayList<>();

    TrainPreflight(Language words, ModelConfig model, SampleMaker.Objective objective, TrainPart train) {
        this.words = words;
        this.model = model;
        this.objective = objective;
        this.train = train;
    }

    /**
     * What there is to train on. Whoever asks closes it.
     *
     * @param unfit traces that make no sample
     */
    record Fit(SampleStore samples, int unfit) implements AutoCloseable {
        @Override
        public void close() {
            samples.close();
        }
    }

    /**
     * The samples of these traces, in their order.
     *
     * @param file that they are kept in
     * @throws RecipeException with everything that is wrong
     */
    Fit samples(CuratedTraces traces, Path file, BooleanSupplier stop) throws IOException {
        SampleRenderer renderer = renderer();
        endOfTurn(renderer);
        SampleStore store = new SamplePass(words, renderer, model.vocabulary(), objective).store(traces, file, stop);
        try {
            Findings found = Findings.read(store.notes());
            barred(found);
            unfit(found, store.size() == 0);
            reasoning(found);
            vocabulary(found);
            lengths(store);
            if (!problems.isEmpty()) {
                throw new RecipeException("train", problems);
            }
            return new Fit(store, found.traces() - store.size());
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Data that its own verdicts forbid, unless the recipe says in words that it is to be trained on. */
    private void barred(Findings found) {
        found.barred().forEach((kind, traces) -> {
            String told = kind.problem(traces, found.traces());
            if (train.batches().allow().contains(kind)) {
                LOG.warn("train: {}; they are trained on (train.allow)", told);
            } else {
                problems.add("train: " + told);
            }
        });
    }

    private SampleRenderer renderer() {
        try {
            return words.renderer();
        } catch (TemplateException | RenderException e) {
            throw new RecipeException("train", List.of(String.valueOf(e.getMessage())));
        }
    }

    /** A student that learns an end at which its model does not stop would speak on. */
    private void endOfTurn(SampleRenderer renderer) throws IOException {
        Set<Integer> ends = words.endIds(model);
        String end = renderer.endOfTurn();
        if (Arrays.stream(words.tokenizer().encode(end)).noneMatch(ends::contains)) {
            problems.add("student: the chat template ends an assistant's turn with " + quoted(end)
                    + ", in which there is no token that ends this model's texts (ids " + ends + "); is the template of"
                    + " another model? Give the folder this model's own template, or name the token in eos_token_id of"
                    + " its config.json");
        }
        ends.stream().filter(id -> id >= model.vocabulary()).findFirst().ifPresent(id -> {
            problems.add("student: token " + id + " ends its texts, but the model has " + model.vocabulary()
                    + " tokens only; put eos_token_id of its config.json right");
        });
    }

    private void unfit(Findings found, boolean none) {
        found.unfit().values().forEach(kind -> {
            String told = kind.count() + " of " + found.traces() + " traces make no sample: " + kind.first();
            if (train.batches().unfit() == BatchesPart.Unfit.RAISE) {
                problems.add(told + " (or leave them out: train.unfit: drop)");
            } else {
                LOG.warn("train: {}; left out", told);
            }
        });
        if (none && train.batches().unfit() == BatchesPart.Unfit.DROP) {
            problems.add("none of " + found.traces() + " traces makes a sample; see the warnings above");
        }
    }

    private void reasoning(Findings found) {
        if (found.markers() != null) {
            problems.add("student: its chat template and tokenizer make " + found.markers() + "; the template"
                    + " must open the reasoning at most once and at the very end of its prompt");
        }
    }

    private void vocabulary(Findings found) {
        int rows = model.vocabulary();
        int size = words.tokenizer().vocabularySize();
        if (found.unknown() != null) {
            problems.add("student: its tokenizer has " + size + " tokens and its model " + rows + ": " + found.unknown()
                    + ", has no weights; give the folder the model's own tokenizer.json");
        } else if (size > rows) {
            LOG.warn(
                    "student: its tokenizer has {} tokens and its model {}; no sample holds one that is missing",
                    size,
                    rows);
        }
    }

    private void lengths(SampleStore fits) {
        long count = IntStream.range(0, fits.size())
                .filter(i -> fits.length(i) > train.batches().rowTokens())
                .count();
        if (count == 0) {
            return;
        }
        int most = train.batches().rowTokens();
        boolean ofRows = most < model.maxPositions();
        String told = count + " of " + fits.size() + " samples are longer than "
                + (ofRows
                        ? "a row of " + most + " tokens (train.row-tokens)"
                        : "the " + most + " positions that the model is made for (max_position_embeddings)");
        String cure = ofRows ? "make the rows longer" : "give it more (student.max-positions)";
        switch (train.batches().overLong()) {
            case RAISE -> problems.add(told + "; " + cure + ", or set train.over-long to drop or split");
            case DROP -> {
                if (count == fits.size()) {
                    problems.add(told + "; " + cure + ", or set train.over-long to split");
                }
                LOG.warn("train: {}; they are left out (train.over-long: drop)", told);
            }
            case SPLIT -> LOG.warn("train: {}; they are split (train.over-long: split)", told);
        }
    }

    static String quoted(String text) {
        return '"' + text.replace("\n", "\\n") + '"';
    }
}
