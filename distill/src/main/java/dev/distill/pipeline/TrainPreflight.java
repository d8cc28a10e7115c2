package dev.distill.pipeline;

import dev.distill.data.template.RenderException;
import dev.distill.data.template.SampleRenderer;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.data.trace.Trace;
import dev.distill.respond.Language;
import dev.distill.student.model.ModelConfig;
import dev.distill.train.SampleMaker;
import dev.distill.train.teach.TeacherVoice.Taught;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces to samples, and what would spoil the training of them: looked for before the first step, all at once, each with its
 * cure. Nothing is left out without being counted.
 */
final class TrainPreflight {
    private static final Logger LOG = LoggerFactory.getLogger(TrainPreflight.class);

    /** What a trace that makes no sample is told apart by: one problem for all of a kind. */
    private static final String TEACHES_NOTHING = "no token of it is trained";

    private static final String HOLDS_MARKERS = "its answer holds reasoning markers";

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

    /** Traces of one kind that make no sample. */
    private record Unfit(int count, String first) {
        Unfit another() {
            return new Unfit(count + 1, first);
        }
    }

    /**
     * The samples of these traces, in their order.
     *
     * @throws RecipeException with everything that is wrong
     */
    List<Taught> samples(List<Trace> traces) throws IOException {
        SampleRenderer renderer = renderer();
        barred(traces);
        endOfTurn(renderer);
        List<Taught> fits = make(traces, renderer);
        reasoning(fits, renderer);
        vocabulary(fits);
        lengths(fits);
        if (!problems.isEmpty()) {
            throw new RecipeException("train", problems);
        }
        return fits;
    }

    /** Data that its own verdicts forbid, unless the recipe says in words that it is to be trained on. */
    private void barred(List<Trace> traces) {
        for (Barred reason : Barred.values()) {
            reason.problem(traces).ifPresent(told -> {
                if (train.allow().contains(reason)) {
                    LOG.warn("train: {}; they are trained on (train.allow)", told);
                } else {
                    problems.add("train: " + told);
                }
            });
        }
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

    private List<Taught> make(List<Trace> traces, SampleRenderer renderer) {
        SampleMaker maker = new SampleMaker(renderer, objective);
        List<Taught> fits = new ArrayList<>();
        Map<String, Unfit> unfit = new LinkedHashMap<>();
        for (Trace trace : traces) {
            try {
                refuse(trace, renderer);
                fits.add(new Taught(trace, maker.sample(trace)));
            } catch (RenderException e) {
                count(unfit, e.reason().name(), String.valueOf(e.getMessage()));
            } catch (UnfitException e) {
                count(unfit, e.kind, String.valueOf(e.getMessage()));
            }
        }
        tell(unfit, traces.size(), fits.isEmpty());
        return fits;
    }

    /** A trace that is no sample for a reason that the template does not see. */
    private static final class UnfitException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String kind;

        UnfitException(String kind, Trace trace, String message) {
            super("sample of trace " + trace.id() + ": " + message);
            this.kind = kind;
        }
    }

    private void refuse(Trace trace, SampleRenderer renderer) {
        boolean thinks = objective == SampleMaker.Objective.REASONING && reasons(trace);
        if (trace.answer().isBlank() && !thinks) {
            throw new UnfitException(
                    TEACHES_NOTHING,
                    trace,
                    TEACHES_NOTHING
                            + " but the end of the turn, for its answer is empty; let curation drop such traces");
        }
        String start = renderer.markers().start();
        String end = renderer.markers().end();
        if (trace.answer().strip().startsWith(start) || trace.answer().contains(end)) {
            throw new UnfitException(
                    HOLDS_MARKERS,
                    trace,
                    HOLDS_MARKERS + " (" + start + " or " + end
                            + "): its reasoning was never told apart, and the student"
                            + " would see it twice or out of place; split the reply again, or drop the trace");
        }
    }

    private static boolean reasons(Trace trace) {
        String reasoning = trace.reasoning();
        return reasoning != null && !reasoning.isBlank();
    }

    private static void count(Map<String, Unfit> unfit, String kind, String message) {
        unfit.merge(kind, new Unfit(1, message), (before, one) -> before.another());
    }

    private void tell(Map<String, Unfit> unfit, int all, boolean none) {
        unfit.values().forEach(kind -> {
            String told = kind.count + " of " + all + " traces make no sample: " + kind.first;
            if (train.unfit() == TrainPart.Unfit.RAISE) {
                problems.add(told + " (or leave them out: train.unfit: drop)");
            } else {
                LOG.warn("train: {}; left out", told);
            }
        });
        if (none && train.unfit() == TrainPart.Unfit.DROP) {
            problems.add("none of " + all + " traces makes a sample; see the warnings above");
        }
    }

    /** The markers must stand around the reasoning once: in the text, and so in its tokens. */
    private void reasoning(List<Taught> fits, SampleRenderer renderer) {
        for (Taught fit : fits) {
            String question = fit.trace().question().strip();
            String text =
                    reasons(fit.trace()) ? words.tokenizer().decode(fit.sample().ids(), false) : "";
            int asked = text.indexOf(question); // before it a system message may speak of the markers
            if (reasons(fit.trace()) && asked >= 0) {
                markers(fit, text.substring(asked + question.length()), renderer);
                return; // the template is the same for all
            }
        }
    }

    private void markers(Taught fit, String afterQuestion, SampleRenderer renderer) {
        String start = renderer.markers().start();
        String end = renderer.markers().end();
        int starts = count(afterQuestion, start);
        int ends = count(afterQuestion, end);
        boolean right = objective == SampleMaker.Objective.REASONING ? starts == 1 && ends == 1 : starts == ends;
        if (!right) {
            problems.add("student: its chat template and tokenizer make " + starts + " times " + start + " and " + ends
                    + " times " + end + " of the reasoning of trace "
                    + fit.trace().id() + ", which has one; the template"
                    + " must open the reasoning at most once and at the very end of its prompt");
        }
    }

    private static int count(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private void vocabulary(List<Taught> fits) {
        int rows = model.vocabulary();
        int size = words.tokenizer().vocabularySize();
        for (Taught fit : fits) {
            int highest = Arrays.stream(fit.sample().ids()).max().orElse(0);
            if (highest >= rows) {
                problems.add("student: its tokenizer has " + size + " tokens and its model " + rows + ": token "
                        + highest
                        + " (" + quoted(words.tokenizer().decode(new int[] {highest}, false)) + "), first in trace "
                        + fit.trace().id() + ", has no weights; give the folder the model's own tokenizer.json");
                return;
            }
        }
        if (size > rows) {
            LOG.warn(
                    "student: its tokenizer has {} tokens and its model {}; no sample holds one that is missing",
                    size,
                    rows);
        }
    }

    private void lengths(List<Taught> fits) {
        long count = fits.stream()
                .filter(fit -> fit.sample().length() > train.rowTokens())
                .count();
        if (count == 0) {
            return;
        }
        String told = count + " of " + fits.size() + " samples are longer than a row of " + train.rowTokens()
                + " tokens (train.row-tokens)";
        switch (train.overLong()) {
            case RAISE -> problems.add(told + "; make the rows longer, or set train.over-long to drop or split");
            case DROP -> {
                if (count == fits.size()) {
                    problems.add(told + "; make the rows longer, or set train.over-long to split");
                }
                LOG.warn("train: {}; they are left out (train.over-long: drop)", told);
            }
            case SPLIT -> LOG.warn("train: {}; they are split (train.over-long: split)", told);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\n", "\\n") + '"';
    }
}
