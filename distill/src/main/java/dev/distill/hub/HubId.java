package dev.distill.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model of the hub: {@code OWNER/NAME}, {@code OWNER/NAME@REVISION}, {@code OWNER/NAME:FILE.gguf}, or both; or a data set,
 * where what comes after the colon is {@code CONFIG/SPLIT}, {@code SPLIT} or a file.
 *
 * @param kind whether it is a model or a data set
 * @param repository {@code OWNER/NAME}
 * @param revision a branch, a tag, or a commit of 40 hex digits
 * @param file the one GGUF file that is meant, null for a model in safetensors; the part of a data set, null for all of it
 */
public record HubId(
        HubKind kind,
        String repository,
        String revision,
        @Nullable String file) {
    /** The branch that is meant where nothing is said. */
    static final String MAIN = "main";

    /** How ids are written, for messages. */
    static final String FORMS = "OWNER/NAME, OWNER/NAME@REVISION or OWNER/NAME:FILE.gguf";

    private static final String WORD = "[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?";
    private static final Pattern ID = Pattern.compile("(?<repository>" + WORD + "/" + WORD + ")"
            + "(?:@(?<revision>[A-Za-z0-9_](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?))?"
            + "(?::(?<file>[^/\\\\:][^\\\\:]*\\.gguf))?");
    private static final Pattern DATA_ID = Pattern.compile("(?<repository>" + WORD + "/" + WORD + ")"
            + "(?:@(?<revision>[A-Za-z0-9_](?:[A-Za-z0-9._/-]*[A-Za-z0-9_-])?))?"
            + "(?::(?<file>[^/\\\\:][^\\\\:]*))?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** How ids of data sets are written, for messages. */
    static final String DATA_FORMS =
            "OWNER/NAME, OWNER/NAME@REVISION, OWNER/NAME:SPLIT, OWNER/NAME:CONFIG/SPLIT or OWNER/NAME:FILE";

    /** Reads a model's id; empty where the text cannot be one. The rules of names are the hub's own. */
    public static Optional<HubId> parse(String text) {
        return parse(HubKind.MODEL, ID, text);
    }

    /** Reads a data set's id likewise. */
    public static Optional<HubId> parseDataset(String text) {
        return parse(HubKind.DATASET, DATA_ID, text);
    }

    private static Optional<HubId> parse(HubKind kind, Pattern form, String text) {
        Matcher id = form.matcher(text);
        if (!id.matches() || id.group("repository").contains("--") || text.contains("..") || text.contains("//")) {
            return Optional.empty();
        }
        String revision = id.group("revision");
        return Optional.of(
                new HubId(kind, id.group("repository"), revision == null ? MAIN : revision, id.group("file")));
    }

    /** Whether this is a whole commit's hash. */
    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /** The same as it was at this commit, which never changes. */
    public HubId at(String commit) {
        return new HubId(kind, repository, commit, file);
    }

    /** As a user writes it. */
    @Override
    public String toString() {
        return repository + (revision.equals(MAIN) ? "" : "@" + revision) + (file == null ? "" : ":" + file);
    }
}
