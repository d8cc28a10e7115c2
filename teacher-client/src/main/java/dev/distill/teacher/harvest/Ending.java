package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;

/** Why a harvest ended. After each of these, running it again goes on where it was. */
public sealed interface Ending {
    /** Every unit is completed or has failed. */
    record Done() implements Ending {}

    /** The next request might have cost more than was left. */
    record BudgetReached(Money cap, Money spent) implements Ending {}

    /** Somebody asked it to stop. */
    record Interrupted() implements Ending {}

    /**
     * Nothing more could succeed: a wrong key, an empty account, a server that fails every request.
     *
     * @param message for a person: what happened and what to do
     */
    record Stopped(String message) implements Ending {}
}
