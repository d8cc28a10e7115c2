package dev.distill.pipeline;

import dev.distill.data.trace.Money;
import dev.distill.hub.ModelSource;
import dev.distill.teacher.harvest.HarvestConfigException;
import dev.distill.teacher.harvest.Spending;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Somebody whom a recipe has asked: its teacher, or its judge.
 *
 * @param section that says who; what a harvest knows as {@code teacher} and {@code harvest} is told in its words
 * @param harvest how fast, for how much
 * @param seed of a model in this process whose section has none
 */
record Whom(String section, TeacherPart teacher, HarvestPart harvest, long seed) {
    private static final String TEACHER = "teacher";
    private static final Pattern KEY = Pattern.compile("\\b(?:teacher|harvest)\\.(?=[a-z])");

    /** @throws RecipeException if the recipe has none */
    static Whom teacher(Recipe recipe) {
        TeacherPart teacher = Recipe.required(recipe.teacher(), TEACHER, "harvest");
        return new Whom(TEACHER, teacher, recipe.harvest(), recipe.seed());
    }

    static Whom judge(Recipe recipe, JudgePart judge) {
        return new Whom(JudgePart.SECTION, judge.teacher(), judge.harvest(), recipe.seed());
    }

    /** The file of the run's folder that keeps the commit of a model of the hub. */
    String commitFile() {
        return section.substring(section.lastIndexOf('.') + 1) + ".commit";
    }

    /** What its tokens cost now, and how much may be spent. */
    Spending spending() throws IOException {
        return inItsWords(() -> new Spending(
                teacher.tariffNow(harvest.limits().batch() != null),
                harvest.budget().orElse(null),
                harvest.cheapHours()));
    }

    /** What stands in the way of asking it: key, price and budget are looked at before anything is paid for. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (teacher.local() instanceof ModelSource.Missing missing) {
            problems.add(section + ".model: " + missing.message());
        }
        try {
            teacher.key();
        } catch (IllegalArgumentException e) {
            problems.add(section + ".key-env: " + e.getMessage());
        } catch (IOException e) {
            problems.add(section + ".key-file: cannot be read: " + e.getMessage());
        }
        try {
            Spending spending = inItsWords(this::spending);
            Money budget = spending.cap();
            if (budget != null && !budget.currency().equals(spending.tariff().currency())) {
                problems.add(section + ".budget: must be in the tariff's currency, "
                        + spending.tariff().currency() + "; got " + budget);
            }
        } catch (RecipeException e) {
            problems.addAll(e.problems());
        } catch (IOException e) {
            problems.add(section + ".tariff: cannot be read: " + e.getMessage());
        }
        return problems;
    }

    /** The same text with the keys' names as they are in this section. */
    String inItsWords(String text) {
        return section.equals(TEACHER) ? text : KEY.matcher(text).replaceAll(section + ".");
    }

    /** What may find a recipe wrong. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does it, and tells what is wrong in this section's words. */
    <T> T inItsWords(Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (HarvestConfigException e) {
            throw section.equals(TEACHER) ? e : translated(e.problems());
        } catch (RecipeException e) {
            throw section.equals(TEACHER) ? e : translated(e.problems());
        }
    }

    private RecipeException translated(List<String> problems) {
        return new RecipeException(
                "recipe", problems.stream().map(this::inItsWords).toList());
    }
}
