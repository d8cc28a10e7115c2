package dev.distill.bench;

import dev.distill.data.journal.Folders;
import dev.distill.data.shard.DatasetCard;
import dev.distill.data.shard.Manifest;
import dev.distill.data.shard.ShardSize;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.ApiKey;
import dev.distill.teacher.Sampling;
import dev.distill.teacher.dialect.Asked;
import dev.distill.teacher.dialect.Dialect;
import dev.distill.teacher.dialect.DialectTable;
import dev.distill.teacher.harvest.Asking;
import dev.distill.teacher.harvest.Ending;
import dev.distill.teacher.harvest.HarvestConfig;
import dev.distill.teacher.harvest.HarvestListener;
import dev.distill.teacher.harvest.HarvestOutput;
import dev.distill.teacher.harvest.HarvestResult;
import dev.distill.teacher.harvest.Harvester;
import dev.distill.teacher.harvest.Limits;
import dev.distill.teacher.harvest.Spending;
import dev.distill.teacher.pay.Tariff;
import dev.distill.teacher.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Times whole harvests from a {@link CannedTeacher} on loopback: requests, replies, the ledger on the disk, and the shards at the end. Both sides are
 * in this process.
 */
public final class HarvestBench {
    private HarvestBench() {}

    /**
     * What is timed.
     *
     * @param units prompts, each asked once
     * @param inFlight requests at a time
     * @param promptTokens of each prompt, about four characters each
     * @param replyTokens of each reply
     * @param streamed whether a reply comes as events of a token each, or in one piece
     * @param warmUps harvests before that do not count
     * @param repeats harvests that count
     */
    public record Settings(
            int units,
            int inFlight,
            int promptTokens,
            int replyTokens,
            boolean streamed,
            int warmUps,
            int repeats,
            long seed) {}

    /**
     * One harvest.
     *
     * @param seconds from its first request until its shards are on the disk
     * @param bytes of replies, without HTTP's own
     * @param rows traces
     * @param tokens of replies, as the teacher counts them
     * @param folderBytes of ledger and shards
     */
    public record Run(double seconds, long bytes, long rows, long tokens, long folderBytes) {}

    /**
     * Harvests and times; warm-ups are not among the runs. Fewer come out if it is stopped.
     *
     * @param work a folder on the disk that is to be measured; each harvest goes at its end. Empty for the system's temporary one
     * @param stop asked between harvests
     * @param done hears of each run as it ends, the warm-ups too
     */
    public static List<Run> run(Settings settings, Optional<Path> work, BooleanSupplier stop, Consumer<Run> done)
            throws IOException {
        List<Prompt> prompts = prompts(settings);
        List<Run> runs = new ArrayList<>();
        try (CannedTeacher teacher = new CannedTeacher(settings)) {
            for (int i = 0; i < settings.warmUps() + settings.repeats() && !stop.getAsBoolean(); i++) {
                Run run = time(settings, teacher, prompts, work);
                done.accept(run);
                if (i >= settings.warmUps()) {
                    runs.add(run);
                }
            }
        }
        return List.copyOf(runs);
    }

    private static List<Prompt> prompts(Settings settings) {
        SplittableRandom random = new SplittableRandom(settings.seed() + 1);
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < settings.units(); i++) {
            String text =
                    "Question " + i + ":" + String.join("", CannedTeacher.tokens(random, settings.promptTokens()));
            prompts.add(Prompt.of(List.of(Message.user(text)), null, "bench"));
        }
        return prompts;
    }

    private static Run time(Settings settings, CannedTeacher teacher, List<Prompt> prompts, Optional<Path> work)
            throws IOException {
        String name = "distill-harvest-";
        Path folder = work.isPresent()
                ? Files.createTempDirectory(Files.createDirectories(work.get()), name)
                : Files.createTempDirectory(name);
        try {
            Harvester harvester = new Harvester(config(settings, teacher, folder), ApiKey.NONE);
            long before = teacher.sent();
            long begin = System.nanoTime();
            HarvestResult result = harvester.run(prompts, HarvestListener.NONE);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (!(result.ending() instanceof Ending.Done) || result.completed() < settings.units()) {
                throw new IllegalStateException("bench harvest: all " + settings.units()
                        + " units must be answered by the teacher on loopback; got " + result.completed() + ", ended "
                        + result.ending() + "; failed " + result.failed());
            }
            long rows = result.completed();
            return new Run(
                    seconds,
                    teacher.sent() - before,
                    rows,
                    result.boughtTokens() - rows * settings.promptTokens(),
                    bytes(folder));
        } finally {
            Folders.delete(folder);
        }
    }

    private static HarvestConfig config(Settings settings, CannedTeacher teacher, Path folder) {
        Dialect dialect = Dialect.named(DialectTable.STANDARD)
                .asking(new Asked(Asked.Switch.AUTO, Optional.empty(), 0, settings.streamed()));
        return new HarvestConfig(
                new Endpoint(teacher.url(), CannedTeacher.MODEL, dialect),
                Sampling.R1,
                Asking.of(1).withSharedPrefix(0),
                Limits.DEFAULT.withInFlight(settings.inFlight()),
                new Spending(Tariff.free(CannedTeacher.MODEL), null),
                new HarvestOutput(
                        folder,
                        Manifest.begin("harvest", "distill bench"),
                        new DatasetCard("bench", "other", "Words of no meaning."),
                        ShardSize.DEFAULT));
    }

    private static long bytes(Path folder) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
