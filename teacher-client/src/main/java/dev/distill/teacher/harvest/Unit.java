package dev.distill.teacher.harvest;

import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.TeacherRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * One sample of one prompt: what is bought at most once.
 *
 * @param parameters those that take effect, the same map for this sample of every prompt
 */
record Unit(String id, Prompt prompt, TeacherRequest request, SortedMap<String, String> parameters) {
    /** All units of a harvest: the samples of the first prompt, then those of the second. A prompt given twice counts once. */
    static List<Unit> all(List<Prompt> prompts, HarvestConfig config) {
        Map<String, Prompt> distinct = LinkedHashMap.newLinkedHashMap(prompts.size());
        prompts.forEach(prompt -> distinct.putIfAbsent(prompt.id(), prompt));
        Map<Integer, Sample> samples = new ConcurrentHashMap<>();
        return distinct.values().parallelStream()
                .flatMap(prompt -> IntStream.range(0, config.asking().units()).mapToObj(number -> {
                    TeacherRequest request = TeacherRequest.of(prompt, config.sampling(), number);
                    return samples.computeIfAbsent(number, _ -> Sample.of(request, config))
                            .unit(prompt, request);
                }))
                .toList();
    }

    /** What a sample of one prompt and the same sample of any other have in common. */
    private record Sample(SortedMap<String, String> parameters, UnaryOperator<String> ids) {
        static Sample of(TeacherRequest request, HarvestConfig config) {
            SortedMap<String, String> parameters = config.endpoint().dialect().effective(request);
            return new Sample(parameters, Trace.unitIds(config.endpoint().model(), parameters, request.sample()));
        }

        Unit unit(Prompt prompt, TeacherRequest request) {
            return new Unit(ids.apply(prompt.id()), prompt, request, parameters);
        }
    }
}
