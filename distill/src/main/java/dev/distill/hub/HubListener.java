package dev.distill.hub;

/** Hears how far a fetch is: whoever shows progress to a person. Called from several threads, one at a time. */
public interface HubListener {
    /** Hears nothing. */
    HubListener NONE = new HubListener() {
        @Override
        public void begin(HubId id, long bytes, long done) {}

        @Override
        public void fetched(String file, long done) {}

        @Override
        public void waiting(String file) {}
    };

    /**
     * Something is to be fetched. Not called where the cache has it all.
     *
     * @param bytes of all files of the model that are needed
     * @param done bytes of them that are on the disk already
     */
    void begin(HubId id, long bytes, long done);

    /**
     * Some more of a file has come, or all of it.
     *
     * @param done bytes that are on the disk now, of all files
     */
    void fetched(String file, long done);

    /** Another process fetches this file; its end is waited for. */
    void waiting(String file);
}
