package dev.distill.teacher.harvest;

import dev.distill.data.trace.Money;
import java.util.OptionalInt;

/**
 * How far a harvest is.
 *
 * @param units all of it as far as is known, what earlier runs completed included; grows where prompts are asked again
 * @param completed units whose reply is in the ledger
 * @param failed units given up
 * @param accepted completed units whose answer was verified as right; empty where none is verified
 * @param retries requests of this run that failed and were, or will be, sent again
 * @param inFlight requests at this moment
 * @param inFlightLimit how many the server bears at present
 * @param boughtTokens prompt and reply, of everything in the ledger
 * @param spent on everything in the ledger
 */
public record HarvestProgress(
        int units,
        int completed,
        int failed,
        OptionalInt accepted,
        long retries,
        int inFlight,
        int inFlightLimit,
        long boughtTokens,
        Money spent) {}
