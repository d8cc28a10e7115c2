package dev.distill.teacher.harvest;

import dev.distill.data.journal.Storage;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.RowWriter;
import dev.distill.data.shard.SaidTokens;
import dev.distill.data.shard.TeacherTokens;
import dev.distill.data.shard.TokenFolder;
import dev.distill.data.shard.TraceWriter;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Money;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Usage;
import dev.distill.data.trace.Verdict;
import dev.distill.data.work.InOrder;
import dev.distill.teacher.ReasoningKind;
import dev.distill.teacher.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the ledger holds as shards, in the order of the units, whatever order the replies came in. Each reply is read from its
 * place in the ledger, which is near that of the unit before: as many units as are in flight come in another order.
 */
final class ShardExport {
    /** The setting in the manifest that names the units by their content. */
    private static final String UNITS = "harvest.units";

    /** The verdict that says whether the reasoning is the chain of thought itself. */
    private static final String WHOLE_REASONING = "whole-reasoning";

    private final HarvestConfig config;
    private final Ledger ledger;
    private final Storage storage;

    ShardExport(HarvestConfig config, Ledger ledger, Storage storage) {
        this.config = config;
        this.ledger = ledger;
        this.storage = storage;
    }

    /** The shards of these units; those that are there already if nothing has changed since they were written. */
    List<Path> write(List<Unit> units, SortedMap<String, Long> counts) throws IOException {
        Path folder = config.output().folder();
        SortedMap<String, String> settings = config.settings();
        settings.put(UNITS, hash(units));
        if (Manifest.isIn(folder)) {
            Manifest there = Manifest.read(folder);
            if (there.settings().entrySet().containsAll(decisive(settings).entrySet())
                    && there.counts().entrySet().containsAll(counts.entrySet())) {
                return files(there);
            }
        }
        Manifest stage = config.output().stage().withSettings(settings).withCounts(counts);
        boolean toldTokens = config.endpoint().dialect().asked().logprobs() > 0;
        try (TraceWriter writer =
                        TraceWriter.replace(storage, folder, config.output().size());
                @Nullable
                        RowWriter<TeacherTokens> tokens =
                                toldTokens ? TokenFolder.of(storage, folder).replace() : null) {
            writeReplies(units, writer, tokens);
            if (tokens != null) {
                tokens.finish();
            }
            return files(writer.finish(stage, config.output().card()));
        }
    }

    /** The settings that a trace depends on: not the address, which changes when a server moves. */
    private static SortedMap<String, String> decisive(SortedMap<String, String> settings) {
        SortedMap<String, String> decisive = new TreeMap<>(settings);
        decisive.remove(HarvestConfig.URL);
        return decisive;
    }

    /** Over all that a trace takes from its unit and not from the ledger, so that a corrected reference is a change. */
    private static String hash(List<Unit> units) {
        Stream<String> parts = units.stream().flatMap(unit -> {
            Prompt prompt = unit.prompt();
            List<String> own = new ArrayList<>();
            own.add(unit.id());
            own.add(prompt.reference() == null ? "without reference" : "reference " + prompt.reference());
            own.add(prompt.source());
            own.add(Integer.toString(prompt.messages().size()));
            for (Message message : prompt.messages()) {
                own.add(message.role().word());
                own.add(message.content());
            }
            return own.stream();
        });
        return Hash.of(parts::iterator);
    }

    private List<Path> files(Manifest manifest) {
        return manifest.outputs().stream()
                .map(entry -> config.output().folder().resolve(entry.path()))
                .toList();
    }

    /** A trace, and what the teacher has told of its tokens. */
    private record Row(Trace trace, @Nullable SaidTokens tokens) {}

    private void writeReplies(List<Unit> units, TraceWriter writer, @Nullable RowWriter<TeacherTokens> tokens)
            throws IOException {
        try (Ledger.Replies replies = ledger.replies()) {
            new InOrder(Runtime.getRuntime().availableProcessors())
                    .run(units.iterator(), unit -> row(unit, replies), row -> {
                        if (row.isPresent()) {
                            writer.write(row.get().trace());
                            SaidTokens said = row.get().tokens();
                            if (tokens != null && said != null) {
                                tokens.write(new TeacherTokens(row.get().trace().id(), said));
                            }
                        }
                    });
        }
    }

    private Optional<Row> row(Unit unit, Ledger.Replies replies) throws IOException {
        return replies.of(unit.id())
                .map(entry -> new Row(trace(unit, entry), entry.reply().tokens()));
    }

    Trace trace(Unit unit, LedgerEntry.Completed entry) {
        Reply reply = entry.reply();
        Money wasted = ledger.standing(unit.id()).failedAttemptsCost();
        Money cost = entry.paid().cost();
        return new Trace(
                unit.id(),
                unit.prompt().id(),
                unit.request().sample(),
                unit.prompt().messages(),
                reply.reasoning(),
                reply.answer(),
                reply.raw(),
                reply.finish(),
                unit.prompt().reference(),
                unit.prompt().source(),
                reply.model().isEmpty() ? config.endpoint().model() : reply.model(),
                unit.parameters(),
                entry.paid().estimated() ? Usage.NONE : entry.paid().usage(),
                wasted == null ? cost : cost.plus(wasted),
                entry.attempts(),
                entry.at(),
                verdicts(reply));
    }

    /** A summary is no chain of thought to train on: that stays with the trace. */
    private static List<Verdict> verdicts(Reply reply) {
        return reply.kind() == ReasoningKind.SUMMARY && reply.reasoning() != null
                ? List.of(Verdict.fail(WHOLE_REASONING, "summary"))
                : List.of();
    }
}
