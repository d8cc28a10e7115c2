package dev.distill.data.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** s1K and s1K-1.1: a trace for each teacher that the names of the columns tell, its grade a verdict. */
final class S1kRows implements TraceRows {
    private record Teacher(String name, String reasoning, String attempt, String grade) {}

    private static final List<Teacher> TEACHERS = List.of(
            new Teacher("DeepSeek-R1", "deepseek_thinking_trajectory", "deepseek_attempt", "deepseek_grade"),
            new Teacher(
                    "gemini-2.0-flash-thinking-exp", "gemini_thinking_trajectory", "gemini_attempt", "gemini_grade"),
            new Teacher("gemini-2.0-flash-thinking-exp", "thinking_trajectories", "attempt", "grade"));

    static boolean teaches(Set<String> columns) {
        return TEACHERS.stream()
                .anyMatch(teacher -> columns.contains(teacher.reasoning) && columns.contains(teacher.attempt));
    }

    @Override
    public List<Said> read(Columns row, ImportSettings settings) {
        List<Message> messages = Said.asked(row.any("system"), row.text("question"));
        String reference = References.inSolution(row.any("solution"));
        List<Said> traces = new ArrayList<>();
        for (Teacher teacher : TEACHERS) {
            JsonNode reasoning = row.row().path(teacher.reasoning);
            if (reasoning.isMissingNode() || row.row().path(teacher.attempt).isNull()) {
                continue;
            }
            String thought = Turns.text(teacher.reasoning, reasoning.isArray() ? reasoning.path(0) : reasoning);
            traces.add(Said.of(messages, Reply.of(thought, row.text(teacher.attempt)), row)
                    .withReference(reference)
                    .withTeacher(teacher.name)
                    .with(grade(row.row().path(teacher.grade), teacher.grade)));
        }
        if (traces.isEmpty()) {
            throw new IllegalArgumentException(
                    "deepseek_attempt, gemini_attempt, attempt: one of them must hold an answer");
        }
        return traces;
    }

    private static List<Verdict> grade(JsonNode grade, String column) {
        return switch (grade.asText()) {
            case "Yes" -> List.of(Columns.judged(column, true));
            case "No" -> List.of(Columns.judged(column, false));
            default -> List.of();
        };
    }
}
