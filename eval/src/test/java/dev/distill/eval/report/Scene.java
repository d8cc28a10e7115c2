package dev.distill.eval.report;

import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Usage;
import dev.distill.eval.grade.MathGrader;
import dev.distill.eval.task.Evaluation.Answered;
import dev.distill.eval.task.Grading;
import dev.distill.eval.task.Origin;
import dev.distill.eval.task.Question;
import dev.distill.eval.task.Responder.Decoding;
import dev.distill.eval.task.Responder.Response;
import dev.distill.eval.task.Task;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Made-up evaluations: sums, answered rightly with a chance that falls with their level. */
final class Scene {
    static final String HOSTILE =
            "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
                    + " <!-- <b>bold</b> & \u202eright to left \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u0000\u2028]]>";

    private static final List<String> SUBJECTS = List.of("algebra", "counting", "number theory");

    private Scene() {}

    /** @param skill chance of a right answer on level 1, less a tenth for each level more */
    static GradedTask graded(String name, String model, int questions, int samples, double skill, long seed) {
        Task task = task(name, questions, samples);
        SplittableRandom random = new SplittableRandom(seed);
        List<Answered> answered = new ArrayList<>();
        for (Question question : task.questions()) {
            int level = Integer.parseInt(question.facets().getOrDefault("level", "1"));
            List<Response> responses = new ArrayList<>();
            for (int k = 0; k < samples; k++) {
                responses.add(response(question, k, skill - 0.1 * (level - 1), random));
            }
            answered.add(new Answered(question, responses));
        }
        return GradedTask.of(task, model, answered, new MathGrader());
    }

    static Task task(String name, int questions, int samples) {
        List<Question> all = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            Map<String, String> facets =
                    Map.of("level", Integer.toString(1 + i % 5), "subject", SUBJECTS.get(i % SUBJECTS.size()));
            String text = "A baker sells " + (i + 3) + " loaves in the morning and " + (2 * i + 1)
                    + " in the afternoon. How many loaves does the baker sell in all?";
            all.add(new Question(prompt(text, Integer.toString(3 * i + 4)), new TreeMap<>(facets)));
        }
        Origin origin = new Origin("example/" + name, "2026-11-01", "MIT", new TreeMap<>());
        return new Task(
                name, Grading.MATH, all, new Decoding(samples, samples > 1 ? 0.6 : 0, 0.95, 0, 4096, 7), origin);
    }

    static Prompt prompt(String text, String reference) {
        return Prompt.of(List.of(Message.user(text)), reference, "test");
    }

    private static Response response(Question question, int sample, double chance, SplittableRandom random) {
        double x = random.nextDouble();
        int reference = Integer.parseInt(String.valueOf(question.prompt().reference()));
        int tokens = (int) (120 * Math.exp(1.1 * random.nextDouble() * 3));
        String reasoning = "First I add the loaves of the morning and of the afternoon. " + "That gives " + reference
                + " loaves. Let me check the sum once more.";
        if (x < chance) {
            return response(question, sample, reasoning, "The baker sells \\boxed{" + reference + "} loaves.", tokens);
        }
        double fate = random.nextDouble();
        if (fate < 0.15) {
            return with(
                    response(question, sample, "Wait, let me check this again. ".repeat(60), "", 4096),
                    FinishReason.LENGTH,
                    null);
        }
        if (fate < 0.25) {
            return response(question, sample, reasoning, "I do not know.", tokens / 2);
        }
        if (fate < 0.3) {
            return with(response(question, sample, null, "", 0), FinishReason.OTHER, "connection reset");
        }
        String mixed = fate < 0.4 ? reasoning + " 所以答案应该是这个数字。" : reasoning;
        return response(question, sample, mixed, "So it is \\boxed{" + (reference + 1) + "}.", 2 * tokens);
    }

    static Response response(Question question, int sample, @Nullable String reasoning, String answer, int tokens) {
        return new Response(
                question.id(),
                sample,
                reasoning,
                answer,
                FinishReason.STOP,
                new Usage(40, 0, tokens, reasoning == null ? 0 : tokens / 2),
                tokens / 50.0,
                new Money(new BigDecimal(tokens).movePointLeft(6), "USD"),
                null);
    }

    static Response with(Response response, FinishReason finish, @Nullable String error) {
        return new Response(
                response.promptId(),
                response.sample(),
                response.reasoning(),
                response.answer(),
                finish,
                response.usage(),
                response.seconds(),
                response.cost(),
                error);
    }

    /** One question, one response, both of these words. */
    static GradedTask saying(String name, String model, String question, @Nullable String reasoning, String answer) {
        Question asked = new Question(prompt(question, "8"), new TreeMap<>(Map.of("topic", question)));
        Task task = new Task(name, Grading.MATH, List.of(asked), Decoding.greedy(64), Origin.of(name));
        Answered answered = new Answered(asked, List.of(response(asked, 0, reasoning, answer, 12)));
        return GradedTask.of(task, model, List.of(answered), new MathGrader());
    }

    static EvaluationReport two(int questions, int samples) {
        return EvaluationReport.of(
                "Student before and after",
                List.of(
                        graded("aime-2024", "before", questions, samples, 0.45, 1),
                        graded("gsm8k", "before", questions, 1, 0.6, 2)),
                List.of(
                        graded("aime-2024", "after", questions, samples, 0.75, 3),
                        graded("gsm8k", "after", questions, 1, 0.8, 4)));
    }
}
