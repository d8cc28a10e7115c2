package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How many of each kind a mix takes. */
class MixTest {
    private static Mix mix(Map<String, Double> shares, long total) {
        return new Mix(Mix.By.DOMAIN, List.of(), new TreeMap<>(shares), total, 1);
    }

    private static Map<String, Double> equal(String... kinds) {
        Map<String, Double> shares = new HashMap<>();
        for (String kind : kinds) {
            shares.put(kind, 1.0);
        }
        return shares;
    }

    @Test
    void aMixNeverExceedsItsTotal() {
        assertThat(mix(equal("a", "b"), 1).quotas(Map.of("a", 9L, "b", 9L))).isEqualTo(Map.of("a", 1L, "b", 0L));
        assertThat(mix(equal("a", "b", "c", "d"), 2).quotas(Map.of("a", 9L, "b", 9L, "c", 9L, "d", 9L)))
                .isEqualTo(Map.of("a", 1L, "b", 1L, "c", 0L, "d", 0L));
        assertThat(mix(Map.of("a", 2.0, "b", 1.0), 4).quotas(Map.of("a", 9L, "b", 9L)))
                .as("2.67 and 1.33")
                .isEqualTo(Map.of("a", 3L, "b", 1L));
    }

    @Test
    void whatIsThereIsTakenWholeWhereItHasTheseProportions() {
        Mix tenths = mix(Map.of("a", 0.1, "b", 0.2, "c", 0.7), 0);
        assertThat(tenths.quotas(Map.of("a", 1L, "b", 2L, "c", 7L))).isEqualTo(Map.of("a", 1L, "b", 2L, "c", 7L));
        assertThat(Mix.r1(0, 1).quotas(Map.of("reasoning", 700L, "general", 200L)))
                .isEqualTo(Map.of("reasoning", 600L, "general", 200L));
    }

    @Test
    void eachKindIsLessThanOneFromItsShare() {
        long seed = 6;
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Map<String, Double> shares = new HashMap<>();
            Map<String, Long> there = new HashMap<>();
            for (int kind = random.nextInt(6); kind >= 0; kind--) {
                shares.put("k" + kind, 0.1 + random.nextInt(40) / 7.0);
                there.put("k" + kind, 1L + random.nextInt(1_000));
            }
            long total = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(500);
            Map<String, Long> quotas = mix(shares, total).quotas(there);
            double sum =
                    shares.values().stream().mapToDouble(Double::doubleValue).sum();
            double most = total == 0 ? Double.MAX_VALUE : total;
            for (Map.Entry<String, Double> share : shares.entrySet()) {
                most = Math.min(most, there.getOrDefault(share.getKey(), 0L) * sum / share.getValue());
            }
            assertThat(quotas.values().stream().mapToLong(Long::longValue).sum())
                    .as("seed %d: %s of %s, %d", seed, shares, there, total)
                    .isEqualTo((long) Math.floor(most + 1e-6));
            for (Map.Entry<String, Long> quota : quotas.entrySet()) {
                double ideal = most * shares.getOrDefault(quota.getKey(), 0.0) / sum;
                assertThat(Math.abs(quota.getValue() - ideal)).isLessThan(1 + 1e-6);
                assertThat(quota.getValue()).isBetween(0L, there.getOrDefault(quota.getKey(), 0L));
            }
        }
    }
}
