package dev.distill.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hub with its cache: gives a model's folder or a data set's files, and fetches first what is not there. */
public final class Hub {
    private static final Logger LOG = LoggerFactory.getLogger(Hub.class);

    private final HubSettings settings;
    private final Patience patience;

    public Hub(HubSettings settings) {
        this(settings, Patience.DEFAULT);
    }

    Hub(HubSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /** The hub that this process's environment names. */
    public static Hub fromEnvironment() throws IOException {
        return new Hub(HubSettings.fromEnvironment());
    }

    /**
     * A model in the cache.
     *
     * @param commit that its revision means
     * @param path its folder, or its GGUF file
     */
    public record Fetched(HubId id, String commit, Path path) {}

    /**
     * A part of a data set in the cache.
     *
     * @param commit that its revision means
     * @param files in their order
     */
    public record Dataset(HubId id, String commit, List<Path> files) {
        public Dataset {
            files = List.copyOf(files);
        }
    }

    /**
     * Gives a model, fetched as far as the cache lacks it. Killed at any moment, or stopped, it leaves nothing that looks
     * whole, and goes on when it is called again.
     *
     * @param stop the wish to stop, asked many times
     * @throws HubException if the model cannot be had
     * @throws StoppedException if it was stopped
     */
    public Fetched fetch(HubId id, HubListener listener, BooleanSupplier stop) throws IOException {
        HubCache cache = new HubCache(settings.cache(), id);
        return at(cache, id, commit(cache, id, new Wanted.Model(id), listener, stop));
    }

    /** Gives a data set, or the part that the id names, in the same way. */
    public Dataset fetchDataset(HubId id, HubListener listener, BooleanSupplier stop) throws IOException {
        HubCache cache = new HubCache(settings.cache(), id);
        return dataset(cache, id, commit(cache, id, new Wanted.Data(id), listener, stop));
    }

    /** The commit whose files are all in the cache. */
    private String commit(HubCache cache, HubId id, Wanted wanted, HubListener listener, BooleanSupplier stop)
            throws IOException {
        Optional<String> cached = cached(cache, id, wanted);
        if (cached.isPresent() && (settings.offline() || HubId.isCommit(id.revision()))) {
            return cached.get(); // a commit never changes
        }
        if (settings.offline()) {
            throw offline(cache, id, wanted);
        }
        Listing listing;
        try (HubClient client = new HubClient(settings, cached.isPresent() ? patience.once() : patience, stop)) {
            listing = client.list(id);
        } catch (HubException e) {
            if (cached.isPresent() && e.leavesTheCache()) {
                LOG.warn("{} (the copy in the cache is used)", e.getMessage());
                return cached.get();
            }
            throw e;
        }
        try (HubClient client = new HubClient(settings, patience, stop)) {
            new Fetch(client, cache, id, listing, listener).run(wanted.of(listing.names()), stop);
        }
        cache.point(id.revision(), listing.commit());
        return listing.commit();
    }

    /** The model as the cache has it, if it has all that is needed; nothing is fetched and nobody asked. */
    public Optional<Fetched> inCache(HubId id) throws IOException {
        HubCache cache = new HubCache(settings.cache(), id);
        return cached(cache, id, new Wanted.Model(id)).map(commit -> at(cache, id, commit));
    }

    /** The data set, or part of one, as the cache has it, likewise. */
    public Optional<Dataset> datasetInCache(HubId id) throws IOException {
        HubCache cache = new HubCache(settings.cache(), id);
        Optional<String> commit = cached(cache, id, new Wanted.Data(id));
        return commit.isPresent() ? Optional.of(dataset(cache, id, commit.get())) : Optional.empty();
    }

    /** The commit, if the cache has all of it that is needed. */
    private static Optional<String> cached(HubCache cache, HubId id, Wanted wanted) throws IOException {
        Optional<String> commit = cache.commit(id.revision());
        boolean whole = commit.isPresent()
                && wanted.missing(cache.snapshot(commit.get())).isEmpty();
        return whole ? commit : Optional.empty();
    }

    private static Fetched at(HubCache cache, HubId id, String commit) {
        Path snapshot = cache.snapshot(commit);
        return new Fetched(id, commit, id.file() == null ? snapshot : snapshot.resolve(id.file()));
    }

    private static Dataset dataset(HubCache cache, HubId id, String commit) throws IOException {
        Path snapshot = cache.snapshot(commit);
        List<String> names;
        try (Stream<Path> files = Files.walk(snapshot)) {
            names = files.filter(Files::isRegularFile)
                    .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
        return new Dataset(
                id,
                commit,
                DatasetFiles.of(id, names).stream().map(snapshot::resolve).toList());
    }

    private static HubException offline(HubCache cache, HubId id, Wanted wanted) throws IOException {
        Optional<String> commit = cache.commit(id.revision());
        String what = commit.isPresent()
                ? "lacks " + String.join(", ", wanted.missing(cache.snapshot(commit.get())))
                : "has nothing of it";
        return new HubException(
                HubException.Kind.OFFLINE,
                "hub: " + id + ": HF_HUB_OFFLINE allows only the cache, and " + cache.root() + " " + what
                        + "; unset it, or fetch the " + id.kind().word() + " where there is a network");
    }

    /** A fetch that was asked to stop; what has come is kept. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("hub: stopped; what has come is kept, and the same command goes on from there");
        }
    }
}
