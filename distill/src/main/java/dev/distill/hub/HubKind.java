package dev.distill.hub;

/** What a repository of the hub holds. */
public enum HubKind {
    MODEL("model", "models", ""),
    DATASET("data set", "datasets", "datasets/");

    private final String word;
    private final String plural;
    private final String path;

    HubKind(String word, String plural, String path) {
        this.word = word;
        this.plural = plural;
        this.path = path;
    }

    /** For messages. */
    String word() {
        return word;
    }

    /** The word in the API's addresses and in the names of the cache's folders. */
    String plural() {
        return plural;
    }

    /** What stands before the repository where its files are asked for. */
    String path() {
        return path;
    }
}
