package dev.distill.hub;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which files of a repository are wanted. */
sealed interface Wanted {
    /** The files to fetch, in that order, out of all names of the repository. */
    List<String> of(List<String> names) throws HubException;

    /** What a snapshot lacks to be used without the hub; nothing where it is whole. */
    List<String> missing(Path snapshot) throws IOException;

    /** Those that make a model. */
    record Model(HubId id) implements Wanted {
        @Override
        public List<String> of(List<String> names) throws HubException {
            return ModelFiles.of(id, names);
        }

        @Override
        public List<String> missing(Path snapshot) throws IOException {
            return ModelFiles.missing(snapshot, id.file());
        }
    }

    /** Those of a part of a data set. */
    record Data(HubId id) implements Wanted {
        private static final String CARD = "README.md";

        /** The card, for the licence. The first of a part comes last: where it is in a snapshot, so are the others. */
        @Override
        public List<String> of(List<String> names) throws HubException {
            List<String> files = new ArrayList<>();
            if (names.contains(CARD)) {
                files.add(CARD);
            }
            files.addAll(DatasetFiles.of(id, names).reversed());
            return files;
        }

        @Override
        public List<String> missing(Path snapshot) throws IOException {
            return DatasetFiles.missing(id, snapshot);
        }
    }
}
