package dev.distill.teacher.harvest;

import dev.distill.teacher.pay.Budget;

/** What a run in batches works with. */
record BatchDesk(
        HarvestConfig config,
        BatchLimits limits,
        BatchCalls calls,
        Ledger ledger,
        Tally tally,
        Agenda agenda,
        Budget budget) {}
