package dev.distill.student.ops.cpu;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** oneDNN's handles of a processor and of an order of execution, which all products of one thread share. */
final class DnnlEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnnlEngine.class);

    private final long engine = DnnlLibrary.create("dnnl_engine_create", DnnlLibrary.CPU, 0L);
    private final long stream = DnnlLibrary.create("dnnl_stream_create", engine, DnnlLibrary.DEFAULT_FLAGS);

    private static final class Found {
        private static final boolean HERE = find();

        /** Whether the library loads; what it says where not is for whoever looks why INT8 is slow. */
        private static boolean find() {
            try {
                if (DnnlLibrary.version().equals(DnnlLibrary.VERSION)) {
                    return true;
                }
                LOG.warn(
                        "oneDNN: needs version {}, found {}; much is slower",
                        DnnlLibrary.VERSION,
                        DnnlLibrary.version());
            } catch (LinkageError | RuntimeException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                LOG.warn("{}; much is slower", cause.getMessage());
            }
            return false;
        }
    }

    /** Whether this process can use it. */
    static boolean runsHere() {
        return Found.HERE;
    }

    long engine() {
        return engine;
    }

    long stream() {
        return stream;
    }

    @Override
    public void close() {
        DnnlLibrary.destroy("dnnl_stream_destroy", stream);
        DnnlLibrary.destroy("dnnl_engine_destroy", engine);
    }
}
