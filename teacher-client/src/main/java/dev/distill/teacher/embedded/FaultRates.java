package dev.distill.teacher.embedded;

import dev.distill.teacher.embedded.fault.ContentFault;
import dev.distill.teacher.embedded.problem.Draw;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How often each fault is planted, as a share from 0 to 1: content faults of all requests, transport faults of all attempts.
 *
 * @param content shares of requests; a fault that is not named has none; together at most 1
 * @param transport shares of attempts; likewise
 */
public record FaultRates(Map<ContentFault, Double> content, Map<TransportFault, Double> transport) {
    public FaultRates {
        content = checked("content", content, ContentFault.NONE);
        transport = checked("transport", transport, TransportFault.NONE);
    }

    /** No fault at all. */
    public static FaultRates none() {
        return new FaultRates(Map.of(), Map.of());
    }

    /** What the demo plants: a fifth of all replies, and a request in twelve that does not get through at once. */
    public static FaultRates defaults() {
        return new FaultRates(
                Map.of(
                        ContentFault.WRONG_ANSWER, 0.040,
                        ContentFault.MIXED_LANGUAGE, 0.025,
                        ContentFault.REPETITION, 0.020,
                        ContentFault.UNREADABLE, 0.020,
                        ContentFault.CUT_OFF, 0.015,
                        ContentFault.REFUSAL, 0.020,
                        ContentFault.IDENTITY, 0.020,
                        ContentFault.NEAR_DUPLICATE, 0.025,
                        ContentFault.CONTAMINATION, 0.015),
                Map.of(
                        TransportFault.RATE_LIMITED, 0.030,
                        TransportFault.UNAVAILABLE, 0.020,
                        TransportFault.CUT, 0.020,
                        TransportFault.EXHAUSTED, 0.015));
    }

    /** These rates with one of them changed. */
    public FaultRates with(ContentFault fault, double rate) {
        Map<ContentFault, Double> changed = new EnumMap<>(ContentFault.class);
        changed.putAll(content);
        changed.put(fault, rate);
        return new FaultRates(changed, transport);
    }

    /** These rates with one of them changed. */
    public FaultRates with(TransportFault fault, double rate) {
        Map<TransportFault, Double> changed = new EnumMap<>(TransportFault.class);
        changed.putAll(transport);
        changed.put(fault, rate);
        return new FaultRates(content, changed);
    }

    /** Draws what is wrong with a text. */
    public ContentFault drawContent(Draw draw) {
        return drawn(ContentFault.REAL, content, ContentFault.NONE, draw);
    }

    TransportFault drawTransport(Draw draw) {
        return drawn(TransportFault.REAL, transport, TransportFault.NONE, draw);
    }

    private static <F> F drawn(List<F> faults, Map<F, Double> rates, F none, Draw draw) {
        double point = draw.unit();
        for (F fault : faults) {
            point -= rates.getOrDefault(fault, 0.0);
            if (point < 0) {
                return fault;
            }
        }
        return none;
    }

    private static <F> Map<F, Double> checked(String name, Map<F, Double> rates, F none) {
        double sum = 0;
        for (Map.Entry<F, Double> rate : rates.entrySet()) {
            if (rate.getKey() == none || !(rate.getValue() >= 0 && rate.getValue() <= 1)) {
                throw new IllegalArgumentException("fault rates: " + name + "." + rate.getKey()
                        + " must be a fault's share from 0 to 1; got " + rate.getValue());
            }
            sum += rate.getValue();
        }
        if (sum > 1) {
            throw new IllegalArgumentException(
                    "fault rates: the " + name + " rates must sum to at most 1; got " + sum + ": lower some");
        }
        return Map.copyOf(rates);
    }
}
