package dev.distill.teacher.harvest;

import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.TeacherRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * One sample of one prompt: what is bought at most once.
 *
 * @param parameters those that take effect, the same map for this sample of every prompt
 */
record Unit(String id, Prompt prompt, TeacherRequest request, SortedMap<String, String> parameters) {
    /** All units of a harvest: the samples of the first prompt, then those of the second. A prompt given twice counts once. */
    static List<Unit> all(List<Prompt> prompts, HarvestConfig config) {
        Map<String, Prompt> distinct = new LinkedHashMap<>();
        prompts.forEach(prompt -> distinct.putIfAbsent(prompt.id(), prompt));
        Map<Integer, SortedMap<String, String>> parametersOf = new ConcurrentHashMap<>();
        return distinct.values().parallelStream()
                .flatMap(prompt -> IntStream.range(0, config.asking().units())
                        .mapToObj(sample -> of(prompt, sample, config, parametersOf)))
                .toList();
    }

    private static Unit of(
            Prompt prompt, int sample, HarvestConfig config, Map<Integer, SortedMap<String, String>> parametersOf) {
        TeacherRequest request = TeacherRequest.of(prompt, config.sampling(), sample);
        SortedMap<String, String> parameters = parametersOf.computeIfAbsent(
                sample, _ -> config.endpoint().dialect().effective(request));
        return new Unit(
                Trace.unitId(prompt.id(), config.endpoint().model(), parameters, sample), prompt, request, parameters);
    }
}
