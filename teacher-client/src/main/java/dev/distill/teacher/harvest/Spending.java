package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import dev.distill.teacher.pay.Tariff;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tokens cost, and how much may be spent.
 *
 * @param tariff the prices
 * @param cap on everything that the folder's ledger holds, earlier runs included; null for none
 * @param cheapHours whether requests wait for the hours in which the tariff is lowest
 */
public record Spending(Tariff tariff, @Nullable Money cap, boolean cheapHours) {
    /** At any hour. */
    public Spending(Tariff tariff, @Nullable Money cap) {
        this(tariff, cap, false);
    }

    List<String> problems() {
        if (cap == null) {
            return List.of();
        }
        if (cap.amount().signum() < 0) {
            return List.of("harvest.budget: must be 0 or more; got " + cap);
        }
        return cap.currency().equals(tariff.currency())
                ? List.of()
                : List.of("harvest.budget: must be in the tariff's currency, " + tariff.currency() + "; got " + cap);
    }
}
