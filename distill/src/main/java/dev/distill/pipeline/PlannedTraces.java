package dev.distill.pipeline;

import dev.distill.data.curate.Choice;
import dev.distill.data.curate.Mix;
import dev.distill.data.pack.Sample;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.TraceReader;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Trace;
import dev.distill.hub.DataSource;
import dev.distill.plan.Workload;
import dev.distill.plan.Workload.Length;
import dev.distill.respond.Language;
import dev.distill.teacher.harvest.UntilRight;
import dev.distill.train.SampleMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How much there is to train on: counted in the traces of the run's folder where there are any, of which some are tokenised; else as the recipe
 * expects it.
 *
 * @param units prompts times samples, which the harvest buys
 * @param bought whether they are bought already
 * @param notes what a person should know of them
 */
record PlannedTraces(Workload workload, long units, boolean bought, List<String> notes) {
    /** Traces that are tokenised, for all. */
    private static final int SOME = 512;

    /** Characters of a token, where there is no tokenizer at hand: what byte-level vocabularies of 50,000 to 150,000 come to on English text. */
    private static final double CHARACTERS = 4;

    static PlannedTraces of(Recipe recipe, RunFolder run, PlannedModel model) throws IOException {
        if (Manifest.isIn(run.curate())) {
            return counted(recipe, run, List.of(run.curate()), 1, model);
        }
        Harvested harvested = Harvested.of(recipe, run);
        if (harvested.isThere()) {
            return counted(recipe, run, harvested.folders(), recipe.plan().kept(), model);
        }
        return expected(recipe);
    }

    private static PlannedTraces expected(Recipe recipe) throws IOException {
        PlanPart plan = recipe.plan();
        long prompts = prompts(recipe);
        long units = prompts * recipe.harvest().most();
        int reply = plan.replyTokens() > 0
                ? plan.replyTokens()
                : recipe.teacher()
                        .map(teacher -> teacher.sampling().maxTokens())
                        .orElse(recipe.train().batches().rowTokens() / 2);
        long samples = Math.max(1, Math.round(units * plan.kept()));
        if (recipe.harvest().asking().untilRight() instanceof UntilRight until) {
            samples = Math.min(samples, prompts * until.right()); // wrong ones are not trained on
        }
        Choice choice = recipe.curate().choice();
        if (choice != null) {
            samples = Math.min(samples, prompts * choice.perPrompt());
        }
        Mix mix = recipe.curate().mix();
        if (mix != null && mix.total() > 0) {
            samples = Math.min(samples, mix.total());
        }
        String source = "expected, not counted: "
                + (plan.source() != null
                        ? plan.source()
                        : plan.replyTokens() > 0
                                ? "the recipe's plan section"
                                : "teacher.max-tokens, the most a reply may have");
        Length length = new Length(plan.promptTokens() + reply, reply);
        // the raw reply is kept beside its parts
        long characters = Math.round(samples * CHARACTERS * (plan.promptTokens() + 2.0 * reply));
        return new PlannedTraces(new Workload(samples, List.of(length), characters, source), units, false, List.of());
    }

    private static long prompts(Recipe recipe) throws IOException {
        if (recipe.plan().prompts() > 0) {
            long expected = recipe.plan().prompts();
            int limit = recipe.prompts().map(PromptsPart::limit).orElse(0);
            return limit > 0 ? Math.min(expected, limit) : expected;
        }
        PromptsPart part = Recipe.required(recipe.prompts(), "prompts", "plan");
        Optional<List<PromptIntake.Input>> files = PromptIntake.here(part);
        if (files.isEmpty()) {
            String lacking = part.files().stream()
                    .filter(source -> !(source instanceof DataSource.Local))
                    .map(source -> source instanceof DataSource.Missing missing
                            ? missing.message()
                            : source.given() + " is not in the cache, and a plan fetches nothing")
                    .findFirst()
                    .orElseThrow();
            throw new RecipeException(
                    recipe.name(),
                    List.of("prompts.files: " + lacking
                            + "; for a plan without it, say how many prompts there will be (plan.prompts)"));
        }
        return PromptIntake.read(part, files.get()).prompts().size();
    }

    /** @param kept share of the traces in the folder that will be trained on */
    private static PlannedTraces counted(
            Recipe recipe, RunFolder run, List<Path> folders, double kept, PlannedModel model) throws IOException {
        List<Trace> some = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(recipe.seed());
        long count = 0;
        long bytes = 0;
        try (TraceReader reader = TraceReader.open(folders)) {
            while (reader.hasNext()) {
                Trace trace = reader.next();
                count++;
                bytes += bytes(trace);
                if (some.size() < SOME) {
                    some.add(trace);
                } else if (random.nextLong(count) < SOME) { // each as likely as any other
                    some.set(random.nextInt(SOME), trace);
                }
            }
        }
        if (count == 0) {
            throw new RecipeException(recipe.name(), List.of(named(folders) + ": there is no trace to train on"));
        }
        Optional<Path> words = words(recipe, run, model, some);
        List<String> notes = new ArrayList<>();
        List<Length> lengths = words.isPresent() ? tokenised(recipe, some, words.get(), notes) : guessed(some);
        double fit = kept * lengths.size() / some.size();
        String source = "%,d traces in %s%s, %s"
                .formatted(
                        count,
                        named(folders),
                        kept < 1 ? " of which %.0f %% are expected to be kept".formatted(100 * kept) : "",
                        words.isPresent()
                                ? "%,d of them tokenised".formatted(some.size())
                                : "4 characters a token, for the tokenizer is not here");
        long samples = Math.max(1, Math.round(fit * count));
        return new PlannedTraces(new Workload(samples, lengths, Math.round(fit * bytes), source), samples, true, notes);
    }

    private static String named(List<Path> folders) {
        return folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    }

    /** A folder with the student's tokenizer; empty where it is still on the hub. */
    private static Optional<Path> words(Recipe recipe, RunFolder run, PlannedModel model, List<Trace> some)
            throws IOException {
        if (model.folder().isPresent() || !model.isUntrained()) {
            return model.folder();
        }
        Path made = run.train().resolve("tokenizer");
        return Optional.of(
                Files.exists(made.resolve("tokenizer.json"))
                        ? made
                        : ScratchTokenizer.make(recipe, some.stream(), Files.createTempDirectory("distill-plan-")));
    }

    /** Those that make a sample, the shortest first. @param notes get what becomes of the others */
    private static List<Length> tokenised(Recipe recipe, List<Trace> traces, Path words, List<String> notes)
            throws IOException {
        List<Length> lengths = new ArrayList<>();
        List<String> unfit = new ArrayList<>();
        try (Language language = Language.open(words)) {
            TraceCheck check = new TraceCheck(language.renderer(), SampleMaker.Objective.REASONING);
            for (Trace trace : traces) {
                switch (check.of(trace)) {
                    case TraceCheck.Verdict.Fits(Trace _, Sample sample) ->
                        lengths.add(new Length(sample.length(), sample.trainedTokens()));
                    case TraceCheck.Verdict.Unfit(String _, String message) -> unfit.add(message);
                }
            }
        } finally {
            forget(words);
        }
        if (!unfit.isEmpty()) {
            String told = "train: %,d of %,d traces that were tokenised make no sample: %s"
                    .formatted(unfit.size(), traces.size(), unfit.getFirst());
            if (lengths.isEmpty()) {
                throw new RecipeException(recipe.name(), List.of(told));
            }
            notes.add(told
                    + (recipe.train().batches().unfit() == BatchesPart.Unfit.DROP
                            ? "; such traces are left out (train.unfit: drop)"
                            : "; such a training is refused (train.unfit: raise), and these figures are without them"));
        }
        lengths.sort(Comparator.comparingInt(Length::tokens));
        return lengths;
    }

    /** A tokenizer that was made for this count alone. */
    private static void forget(Path words) throws IOException {
        if (String.valueOf(words.getFileName()).startsWith("distill-plan-")) {
            try (Stream<Path> files = Files.walk(words)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<Length> guessed(List<Trace> traces) {
        List<Length> lengths = new ArrayList<>();
        for (Trace trace : traces) {
            int reply = 1 + (int) ((length(trace.reasoning()) + trace.answer().length()) / CHARACTERS);
            int prompt = 1
                    + (int) (trace.messages().stream()
                                    .mapToInt(m -> m.content().length())
                                    .sum()
                            / CHARACTERS);
            lengths.add(new Length(prompt + reply, reply));
        }
        return lengths;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Of a trace's texts in Java's memory. */
    private static long bytes(Trace trace) {
        long bytes = bytes(trace.answer()) + bytes(trace.rawReply());
        bytes += trace.reasoning() == null ? 0 : bytes(trace.reasoning());
        for (Message message : trace.messages()) {
            bytes += bytes(message.content());
        }
        return bytes;
    }

    /** A byte a character, two where one of them is beyond Latin-1 (JEP 254). */
    private static long bytes(String text) {
        return text.chars().anyMatch(c -> c > 0xFF) ? 2L * text.length() : text.length();
    }
}
