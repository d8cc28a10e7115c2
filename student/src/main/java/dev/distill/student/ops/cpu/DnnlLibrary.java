package dev.distill.student.ops.cpu;

import dev.distill.student.ops.nd4j.NativeChoice;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * oneDNN's C functions (its {@code dnnl.h}, version 3.11), for what ND4J's operation does not reach: factors that were packed beforehand. Handles
 * are addresses. Unpacks the library at the first use, into JavaCPP's cache, as ND4J's own are.
 */
final class DnnlLibrary {
    /** Whose numbers the constants are. */
    static final String VERSION = "3.11";

    // dnnl_common_types.h and dnnl_types.h
    static final int CPU = 1;
    static final int DEFAULT_FLAGS = 1;
    static final int BF16 = 2;
    static final int F32 = 3;
    static final int S32 = 4;
    static final int S8 = 5;
    static final int U8 = 6;
    static final int ROWS = 3; // dnnl_ab
    static final int PANELS = 388; // dnnl_BA16a64b4a
    static final int SOURCE = 1;
    static final int WEIGHTS = 33;
    static final int RESULT = 17;
    static final int SCRATCHPAD = 80;
    private static final int USER_SCRATCHPAD = 1;
    private static final int SCRATCHPAD_QUERY = 136;
    private static final int THE_RESULTS_TYPE = 0; // dnnl_data_type_undef

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = open();
    private static final MethodHandle SET_DATA_HANDLE =
            function("dnnl_memory_set_data_handle", ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
    private static final MethodHandle EXECUTE = function(
            "dnnl_primitive_execute",
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG);
    private static final MethodHandle SET_NUM_THREADS = LINKER.downcallHandle(
            LIBRARY.findOrThrow("omp_set_num_threads"), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));

    private DnnlLibrary() {}

    private static SymbolLookup open() {
        NativeChoice.load(); // says to OpenMP how to wait, before its library reads that
        String folder = "/org/bytedeco/dnnl/linux-x86_64/";
        try {
            File beside = Loader.cacheResource(folder + "libgomp.so.1"); // which the other looks for
            File library = Loader.cacheResource(folder + "libdnnl.so.3");
            if (beside == null || library == null) {
                throw new UnsupportedOperationException("oneDNN: org.bytedeco:dnnl is not on the class path");
            }
            return SymbolLookup.libraryLookup(library.toPath(), Arena.global());
        } catch (IOException | IllegalArgumentException e) {
            throw new UnsupportedOperationException(
                    "oneDNN: its library org.bytedeco:dnnl does not load (" + e.getMessage()
                            + "); it is unpacked into ~/.javacpp/cache, which must be writable",
                    e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout... parameters) {
        return LINKER.downcallHandle(
                LIBRARY.findOrThrow(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
    }

    /**
     * Calls {@code name(&result, arguments...)}, as everything that makes something is declared.
     *
     * @param arguments Integer, Float, and Long for handles, sizes and addresses
     * @return the new handle
     */
    static long create(String name, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ValueLayout.JAVA_LONG);
            Object[] all = Stream.concat(Stream.of(result.address()), Arrays.stream(arguments))
                    .toArray();
            invoke(name, all);
            return result.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /** Calls {@code name(arguments...)}. */
    private static void invoke(String name, Object... arguments) {
        MemoryLayout[] layouts = Arrays.stream(arguments)
                .map(argument -> switch (argument) {
                    case Integer ignored -> ValueLayout.JAVA_INT;
                    case Float ignored -> ValueLayout.JAVA_FLOAT;
                    default -> ValueLayout.JAVA_LONG;
                })
                .toArray(MemoryLayout[]::new);
        try {
            check(name, (int) function(name, layouts).invokeWithArguments(arguments));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("oneDNN: " + name, e);
        }
    }

    /**
     * Attributes of a primitive whose scratch memory is an argument. By default it is the calling thread's, made for the primitives that this thread
     * has made: another thread that runs one would find none, or too little.
     *
     * @param beta what of the result's old contents is added; 0 ignores them
     */
    static long createAttributes(float beta) {
        long attributes = create("dnnl_primitive_attr_create");
        invoke("dnnl_primitive_attr_set_scratchpad_mode", attributes, USER_SCRATCHPAD);
        if (beta != 0) {
            long after = create("dnnl_post_ops_create");
            int zeroPoint = 0;
            invoke("dnnl_post_ops_append_sum", after, beta, zeroPoint, THE_RESULTS_TYPE);
            invoke("dnnl_primitive_attr_set_post_ops", attributes, after);
            destroy("dnnl_post_ops_destroy", after);
        }
        return attributes;
    }

    /** What the scratch memory of a described primitive is; the description's own. */
    static long scratchpad(long primitiveDescription) {
        return call(
                "dnnl_primitive_desc_query_md",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                primitiveDescription,
                SCRATCHPAD_QUERY,
                0);
    }

    /** Bytes of what is described. */
    static long size(long description) {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
        return call("dnnl_memory_desc_get_size", type, description);
    }

    private static long call(String name, FunctionDescriptor type, Object... arguments) {
        try {
            return (long) LINKER.downcallHandle(LIBRARY.findOrThrow(name), type).invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("oneDNN: " + name, e);
        }
    }

    /** Calls {@code name(handle)}. */
    static void destroy(String name, long handle) {
        invoke(name, handle);
    }

    /** Says where a memory's numbers are. */
    static void setAddress(long memory, long address) {
        try {
            check("dnnl_memory_set_data_handle", (int) SET_DATA_HANDLE.invokeExact(memory, address));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("oneDNN: dnnl_memory_set_data_handle", e);
        }
    }

    /** The library's version, such as 3.11. */
    static String version() {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_LONG);
        MemorySegment version =
                MemorySegment.ofAddress(call("dnnl_version", type)).reinterpret(2 * Integer.BYTES);
        return version.get(ValueLayout.JAVA_INT, 0) + "." + version.get(ValueLayout.JAVA_INT, Integer.BYTES);
    }

    /** What the calling thread makes and runs from now on takes so many threads; whoever else uses OpenMP in it says how many it wants. */
    static void setThreads(int threads) {
        try {
            SET_NUM_THREADS.invokeExact(threads);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("oneDNN: omp_set_num_threads", e);
        }
    }

    /** Runs a primitive. @param arguments address of {@code count} structures dnnl_exec_arg_t */
    static void execute(long primitive, long stream, int count, long arguments) {
        try {
            check("dnnl_primitive_execute", (int) EXECUTE.invokeExact(primitive, stream, count, arguments));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("oneDNN: dnnl_primitive_execute", e);
        }
    }

    private static void check(String name, int status) {
        if (status != 0) {
            throw new IllegalStateException("oneDNN: " + name + " failed with status " + status);
        }
    }
}
