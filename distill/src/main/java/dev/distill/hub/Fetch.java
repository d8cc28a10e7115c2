package dev.distill.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Brings files of one model or data set, at one commit, into the cache: those that are needed and not there. */
final class Fetch {
    private final HubClient client;
    private final HubCache cache;
    private final HubId id;
    private final Listing listing;
    private final HubListener listener;

    /** For what is listed of a model or a data set. */
    Fetch(HubClient client, HubCache cache, HubId id, Listing listing, HubListener listener) {
        this.client = client;
        this.cache = cache;
        this.id = id;
        this.listing = listing;
        this.listener = listener;
    }

    /** Fetches these files, one after the other. */
    void run(List<String> names, BooleanSupplier stop) throws IOException {
        List<RemoteFile> files = new ArrayList<>();
        for (String name : names) {
            Optional<RemoteFile> told = listing.file(name);
            files.add(told.isPresent() ? told.get() : client.describe(id, listing.commit(), name));
        }
        long bytes = 0;
        long here = 0;
        List<RemoteFile> missing = new ArrayList<>();
        for (RemoteFile file : files) {
            bytes += file.size();
            here += cache.bytesHere(listing.commit(), file);
            if (!cache.isIn(listing.commit(), file)) {
                missing.add(file);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        cache.prepare();
        requireSpace(bytes - here);
        listener.begin(id, bytes, here);
        for (RemoteFile file : missing) {
            long others = here - cache.bytesHere(listing.commit(), file);
            fetch(file, others, stop);
            here = others + file.size();
            listener.fetched(file.name(), here);
        }
    }

    /** @param others bytes of the other files that are here */
    private void fetch(RemoteFile file, long others, BooleanSupplier stop) throws IOException {
        String commit = listing.commit();
        try (CacheLock _ = CacheLock.take(cache.lock(file), () -> listener.waiting(file.name()), stop)) {
            if (!cache.hasBlob(file)) {
                new Download(client, cache, id, commit, file)
                        .run(received -> listener.fetched(file.name(), others + received));
            }
            if (!cache.isIn(commit, file)) {
                cache.link(commit, file);
            }
        }
    }

    private void requireSpace(long bytes) throws IOException {
        long free = Files.getFileStore(cache.root()).getUsableSpace();
        if (bytes > free) {
            throw new HubException(
                    HubException.Kind.NO_SPACE,
                    "hub: " + id + ": needs " + megabytes(bytes) + " more in " + cache.root() + ", which has "
                            + megabytes(free) + " left; make room, or name a folder on another disk in HF_HUB_CACHE");
        }
    }

    private static String megabytes(long bytes) {
        return (bytes / 1_000_000 + 1) + " MB";
    }
}
