package dev.distill.eval.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.eval.grade.Grade;
import dev.distill.eval.grade.Grader.Graded;
import dev.distill.eval.manner.Manner;
import dev.distill.eval.report.EvaluationReport.ModelReport;
import dev.distill.eval.report.EvaluationReport.TaskReport;
import dev.distill.eval.report.GradedTask.GradedQuestion;
import dev.distill.eval.task.Question;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * All questions and answers as the page's script reads them: a small index, by which it filters, and a line of JSON a question,
 * which it reads only when somebody opens or searches it.
 */
final class AnswerLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A letter a grade, in the order of {@link Grade}. */
    private static final String LETTERS = "rwunti";

    private final int longest;
    private final ObjectNode index = JSON.createObjectNode();
    private final ArrayNode questions;
    private final StringBuilder lines = new StringBuilder();

    /** @param longest characters of a text; of a longer one the middle is left out, and it says so */
    private AnswerLines(EvaluationReport report, int longest) {
        this.longest = longest;
        report.models().forEach(index.putArray("models")::add);
        ArrayNode tasks = index.putArray("tasks");
        report.tasks().forEach(task -> {
            ObjectNode one = tasks.addObject().put("name", task.name());
            ArrayNode models = one.putArray("models");
            task.models()
                    .forEach(model ->
                            models.add(report.models().indexOf(model.score().model())));
        });
        this.questions = index.putArray("questions");
    }

    /** The index, then the lines. */
    static List<Markup.Data> of(EvaluationReport report, int longest) {
        AnswerLines answers = new AnswerLines(report, longest);
        for (int task = 0; task < report.tasks().size(); task++) {
            answers.add(task, report.tasks().get(task));
        }
        return List.of(
                new Markup.Data("index", answers.index.toString()),
                new Markup.Data("answers", answers.lines.toString()));
    }

    private void add(int task, TaskReport report) {
        for (int i = 0; i < report.models().getFirst().graded().questions().size(); i++) {
            GradedQuestion first =
                    report.models().getFirst().graded().questions().get(i);
            Question question = first.question();
            ObjectNode line = JSON.createObjectNode()
                    .put("question", cut(question.prompt().question()))
                    .put("reference", cut(first.reference()))
                    .put("id", question.id());
            ObjectNode entry = questions.addObject().put("task", task);
            ObjectNode facets = entry.putObject("facets");
            question.facets().forEach((facet, value) -> facets.put(facet, FacetScore.group(value)));
            line.set("facets", JSON.valueToTree(question.facets()));
            ArrayNode grades = entry.putArray("grades");
            ArrayNode models = line.putArray("models");
            Set<String> complaints = new TreeSet<>();
            for (ModelReport model : report.models()) {
                GradedQuestion graded = model.graded().questions().get(i);
                grades.add(letters(graded));
                samples(models.addArray(), graded, model.complaints().get(i), complaints);
            }
            complaints.forEach(entry.putArray("complaints")::add);
            lines.append(lines.isEmpty() ? "" : "\n").append(line);
        }
    }

    private static String letters(GradedQuestion question) {
        StringBuilder letters = new StringBuilder();
        question.samples()
                .forEach(sample -> letters.append(LETTERS.charAt(sample.grade().ordinal())));
        return letters.toString();
    }

    /**
     * Adds the responses to one question.
     *
     * @param found complaints about each that the infrastructure did not fail
     * @param complaints gets the names of what is complained of
     */
    private void samples(
            ArrayNode node, GradedQuestion question, List<List<Manner.Complaint>> found, Set<String> complaints) {
        Iterator<List<Manner.Complaint>> next = found.iterator();
        for (Graded sample : question.samples()) {
            ObjectNode one = node.addObject();
            if (sample.response().reasoning() != null) {
                one.put("reasoning", cut(sample.response().reasoning()));
            }
            one.put("text", cut(sample.response().answer()))
                    .put("answer", sample.answer() == null ? null : cut(sample.answer()))
                    .put("reason", cut(sample.reason()))
                    .put("tokens", sample.response().usage().completionTokens())
                    .put("seconds", Math.round(sample.response().seconds() * 10) / 10.0)
                    .put("majority", question.consensus() != null && sample.equals(question.consensus()));
            ArrayNode why = one.putArray("complaints");
            for (Manner.Complaint complaint :
                    sample.grade() == Grade.INFRA_ERROR ? List.<Manner.Complaint>of() : next.next()) {
                complaints.add(complaint.measure());
                why.addObject().put("measure", complaint.measure()).put("why", cut(complaint.why()));
            }
        }
    }

    private String cut(String text) {
        if (text.length() <= longest) {
            return text;
        }
        int left = longest / 2;
        int right = text.length() - longest / 2;
        left -= Character.isHighSurrogate(text.charAt(left - 1)) ? 1 : 0;
        right += Character.isLowSurrogate(text.charAt(right)) ? 1 : 0;
        return text.substring(0, left) + "\n\n[... " + Figures.count(right - left)
                + " characters are left out here; they stand in responses.jsonl ...]\n\n" + text.substring(right);
    }
}
