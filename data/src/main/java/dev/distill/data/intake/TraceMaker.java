package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.distill.data.trace.FinishReason;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a row says to a trace. It was not bought: no cost, no usage, one attempt. Its id is made of prompt, teacher, reply and the number of the sample, so that
 * the same data have the same ids whenever they are imported.
 */
final class TraceMaker {
    /** Columns that hold what has a place in a trace: they are no labels. */
    private static final Set<String> PLACED = placed();

    private static final List<String> LICENCES = List.of("license", "licence");
    private static final List<String> DOMAINS = List.of("domain", "category");

    private final ImportSettings settings;
    private final SampleNumbers samples = new SampleNumbers();

    TraceMaker(ImportSettings settings) {
        this.settings = settings;
    }

    private static Set<String> placed() {
        Set<String> names = new HashSet<>(Columns.REFERENCES);
        names.addAll(
                List.of("teacher", "model", "model_name", "generation_model", "generator", "finish_reason", "finish"));
        names.addAll(List.of("license", "licence", "domain", "category", "prompt_id", "sample", "extra"));
        names.addAll(List.of("system", "prompt", "question", "problem", "query", "instruction", "input", "solution"));
        names.addAll(List.of("output", "completion", "response", "generation", "generated_solution", "reasoning"));
        names.addAll(List.of("reasoning_content", "thinking", "attempt", "deepseek_attempt", "gemini_attempt"));
        names.addAll(List.of("deepseek_reasoning", "deepseek_solution", "ground_truth_solution", "starter_code"));
        names.addAll(List.of("deepseek_thinking_trajectory", "gemini_thinking_trajectory", "test_cases"));
        names.addAll(List.of("deepseek_grade", "gemini_grade", "grade", "correct", "is_correct"));
        return Set.copyOf(names);
    }

    /** @throws IllegalArgumentException if nobody says who taught */
    Trace trace(Said said, Columns row, TraceFormat format, ImportSource source) {
        String name = settings.source() != null ? settings.source() : source.name();
        Prompt prompt = Prompt.of(said.messages(), said.reference(), name);
        Reply reply = said.reply();
        int sample = samples.next(prompt.id());
        String teacher = teacher(said, format);
        Map<String, String> unit = Map.of("reply", Hash.of(List.of(reply.raw())));
        FinishReason finish = reply.whole() ? FinishReason.STOP : FinishReason.LENGTH;
        return new Trace(
                Trace.unitId(prompt.id(), teacher, unit, sample),
                prompt.id(),
                sample,
                prompt.messages(),
                reply.reasoning(),
                reply.answer(),
                reply.raw(),
                said.finish() == null ? finish : said.finish(),
                said.reference(),
                name,
                teacher,
                new TreeMap<>(),
                Usage.NONE,
                Money.zero("USD"),
                1,
                settings.completedAt(),
                said.verdicts(),
                domain(row, format),
                licence(row, source),
                extra(row, format));
    }

    private String teacher(Said said, TraceFormat format) {
        if (settings.teacher() != null) {
            return settings.teacher();
        }
        if (said.teacher() != null) {
            return said.teacher();
        }
        return format.teacher()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "no column says which model wrote the replies (teacher, model, generation_model ...); give --teacher NAME"));
    }

    private static @Nullable String domain(Columns row, TraceFormat format) {
        String domain = row.any(DOMAINS);
        if (domain == null) {
            return format == TraceFormat.OPENR1_MATH || format == TraceFormat.NUMINA_MATH ? "maths" : null;
        }
        return domain.equals("math") ? "maths" : domain;
    }

    private @Nullable String licence(Columns row, ImportSource source) {
        String licence = settings.licence() != null ? settings.licence() : row.any(LICENCES);
        return licence != null ? licence : source.licence();
    }

    private SortedMap<String, String> extra(Columns row, TraceFormat format) {
        SortedMap<String, String> extra = row.labels();
        extra.keySet().removeAll(PLACED);
        extra.keySet().removeAll(settings.columns().values());
        JsonNode solution = row.row().path("solution");
        if (format == TraceFormat.OPENR1_MATH && solution.isTextual()) { // beside the answer it has no other place
            extra.put("solution", solution.asText());
        }
        JsonNode kept = exported(row.row().path("extra"));
        kept.properties()
                .forEach(entry -> extra.put(entry.getKey(), entry.getValue().asText()));
        return extra;
    }

    /** What {@code traces export} writes of a trace's extra: an object as a text. */
    private static JsonNode exported(JsonNode extra) {
        if (!extra.isTextual() || !extra.asText().startsWith("{")) {
            return RowJson.READER.createObjectNode();
        }
        try {
            return RowJson.READER.readTree(extra.asText());
        } catch (JsonProcessingException e) {
            return RowJson.READER.createObjectNode();
        }
    }
}
