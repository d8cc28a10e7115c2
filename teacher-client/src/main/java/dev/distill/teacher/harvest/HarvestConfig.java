package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.TeacherRequest;
import dev.distill.teacher.dialect.DialectFacts;
import dev.distill.teacher.wire.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What to harvest, from whom, how fast and for how much. Valid if it exists.
 *
 * @param endpoint the teacher
 * @param sampling how it is asked to sample
 * @param asking how often each prompt is asked; 4 samples are what open-r1 took
 * @param limits how fast and how patiently
 * @param spending what tokens cost, and how much may be spent
 * @param output where the traces go
 */
public record HarvestConfig(
        Endpoint endpoint, Sampling sampling, Asking asking, Limits limits, Spending spending, HarvestOutput output) {
    static final String URL = "teacher.url";

    public HarvestConfig {
        List<String> problems = new ArrayList<>(endpoint.problems());
        problems.addAll(sampling.problems());
        problems.addAll(endpoint.dialect().problems(sampling));
        problems.addAll(asking.problems());
        if (limits.batch() != null && endpoint.url().equals(Endpoint.IN_PROCESS)) {
            problems.add("harvest.transport: batch needs an API; teacher.url is local");
        } else if (limits.batch() != null && endpoint.dialect().facts().format() != DialectFacts.Format.OPENAI) {
            problems.add("harvest.transport: batch is OpenAI's API; dialect "
                    + endpoint.dialect().name() + " has another");
        } else if (limits.batch() != null && !endpoint.hasBatchesBeside()) {
            problems.add("harvest.transport: batch needs /files and /batches beside /chat/completions, and no query;"
                    + " dialect " + endpoint.dialect().name() + " at " + endpoint.url()
                    + " asks elsewhere; set harvest.transport: stream, or ask the provider's v1 API");
        }
        if (limits.batch() != null && spending.cheapHours()) {
            problems.add(
                    "harvest.cheap-hours: goes by the hour at which a request is sent, and a provider works a batch off"
                            + " when it likes; leave it out, or set harvest.transport: stream");
        }
        problems.addAll(limits.problems());
        problems.addAll(spending.problems());
        if (!problems.isEmpty()) {
            throw new HarvestConfigException(problems);
        }
    }

    /** The most that a request can cost: what a budget sets aside for it. */
    Money costAtMost(TeacherRequest request) {
        return spending.tariff()
                .costAtMost(request.promptTokensAtMost(), endpoint.dialect().completionTokensAtMost(sampling));
    }

    /** The values that decide what is bought, by their names in a recipe, for the manifest. */
    SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(URL, endpoint.url().toString());
        settings.put("teacher.model", endpoint.model());
        settings.put("teacher.dialect", endpoint.dialect().name());
        settings.put("teacher.temperature", Double.toString(sampling.temperature()));
        settings.put("teacher.top-p", Double.toString(sampling.topP()));
        settings.put("teacher.max-tokens", Integer.toString(sampling.maxTokens()));
        sampling.seed().ifPresent(seed -> settings.put("teacher.seed", Long.toString(seed)));
        settings.putAll(endpoint.dialect().asked().settings());
        if (endpoint.dialect().reasoning() != ReasoningKind.WHOLE) {
            settings.put("teacher.reasoning", endpoint.dialect().reasoning().word());
        }
        sampling.extra().forEach((name, value) -> settings.put("teacher.extra." + name, value));
        asking.putInto(settings);
        settings.put(
                "harvest.tariff",
                spending.tariff().model() + " since " + spending.tariff().since());
        return settings;
    }
}
