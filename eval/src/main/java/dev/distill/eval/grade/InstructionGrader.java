package dev.distill.eval.grade;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Grades whether an answer obeys instructions that a program can check, as IFEval has them. A response is right where it obeys all of them, strictly; whether it
 * would do so loosely (without its first line, its last, or asterisks, in which models wrap their answers) is said in the reason, and by {@link #check} for
 * each instruction. Only the answer is looked at, never the reasoning.
 */
public final class InstructionGrader implements Grader {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What one instruction came to.
     *
     * @param id as the data has it, for example {@code punctuation:no_comma}
     * @param strict whether the answer as it stands obeys
     * @param loose whether that or one of its seven looser forms does
     */
    public record Followed(String id, boolean strict, boolean loose) {}

    private record Instruction(InstructionKind kind, Arguments arguments) {}

    @Override
    public Graded grade(Question question, Response response) {
        Optional<Graded> unanswered = Unanswered.of(response);
        if (unanswered.isPresent()) {
            return unanswered.get();
        }
        List<Followed> followed;
        try {
            followed = check(question.prompt().reference(), response.answer());
        } catch (IllegalArgumentException e) { // the question is broken, not the answer
            return new Graded(response, Grade.INFRA_ERROR, null, String.valueOf(e.getMessage()));
        }
        boolean right = followed.stream().allMatch(Followed::strict);
        return new Graded(response, right ? Grade.RIGHT : Grade.WRONG, response.answer(), reason(followed));
    }

    private static String reason(List<Followed> followed) {
        long strict = followed.stream().filter(Followed::strict).count();
        long loose = followed.stream().filter(Followed::loose).count();
        String missed =
                followed.stream().filter(one -> !one.strict()).map(Followed::id).collect(Collectors.joining(", "));
        return "strict " + strict + " of " + followed.size() + ", loose " + loose + " of " + followed.size()
                + (missed.isEmpty() ? "" : "; not " + missed);
    }

    /**
     * Each instruction by itself, for shares over instructions.
     *
     * @param reference {@code {"instructions": [{"id": .., "arguments": {..}}]}}
     * @throws IllegalArgumentException if the reference is no such thing
     */
    public static List<Followed> check(@Nullable String reference, String answer) {
        List<String> forms = loose(answer);
        List<Followed> followed = new ArrayList<>();
        for (Instruction one : instructions(reference)) {
            boolean strict = one.kind().follows(one.arguments(), answer);
            boolean loose = strict || forms.stream().anyMatch(form -> one.kind().follows(one.arguments(), form));
            followed.add(new Followed(one.kind().id(), strict, loose));
        }
        return followed;
    }

    private static List<Instruction> instructions(@Nullable String reference) {
        JsonNode given;
        try {
            given = JSON.readTree(reference == null ? "" : reference).path("instructions");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("reference: must be JSON with instructions; got " + reference, e);
        }
        if (!given.isArray() || given.isEmpty()) {
            throw new IllegalArgumentException("reference: must have a list instructions; got " + reference);
        }
        List<Instruction> instructions = new ArrayList<>();
        for (JsonNode one : given) {
            InstructionKind kind = InstructionKind.of(one.path("id").asText())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "instruction: there is no kind " + one.path("id").asText() + " that can be checked"));
            instructions.add(new Instruction(kind, new Arguments(one.path("arguments"))));
        }
        return instructions;
    }

    /** The seven forms beside the answer itself (section 2.3 of the paper). */
    private static List<String> loose(String answer) {
        List<String> lines = List.of(answer.split("\n", -1));
        int size = lines.size();
        String noFirst =
                String.join("\n", lines.subList(Math.min(1, size), size)).strip();
        String noLast = String.join("\n", lines.subList(0, size - 1)).strip();
        String neither =
                size < 2 ? "" : String.join("\n", lines.subList(1, size - 1)).strip();
        List<String> forms = new ArrayList<>(List.of(noFirst, noLast, neither));
        for (String form : List.of(answer, noFirst, noLast, neither)) {
            forms.add(form.replace("*", ""));
        }
        return forms;
    }

    /** None: there are as many good answers as there are texts. */
    @Override
    public List<List<Graded>> classes(Question question, List<Graded> responses) {
        return List.of();
    }
}
