package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.nd4j.NativeChoice;
import dev.distill.student.ops.nd4j.Processor;
import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * Measures how fast this machine multiplies large matrices, type by type, for the processor decides which type is faster: with bfloat16
 * instructions but without AMX, FLOAT may be twice as fast as BFLOAT16, with AMX it is the other way round by far.
 *
 * <p>The form is a product of an MLP of Qwen2.5-0.5B: {@code y = x wᵀ} of {@code [1024, 896]} and {@code [4864, 896]}, random numbers, through the
 * operation that training uses. The types take turns, and each one's best call counts: what else the machine does meanwhile slows all types
 * alike. About half a second in all, so the rates are kept in the user's cache folder, for each machine.
 */
public final class MatmulProbe {
    static final int ROWS = 1024;
    static final int DEPTH = 896;
    static final int COLS = 4864;

    /** Calls of each type; the first is the warm-up. */
    private static final int ROUNDS = 4;

    /** A taste of each type: rows, and calls at most. */
    private static final int FEW_ROWS = 32;

    private static final int TASTES = 8;

    /** GFLOP/s below which a type is a plain loop: its large product would take many seconds. */
    private static final double PLAIN_LOOP = 5;

    private static final String LIBRARY = "/META-INF/maven/org.nd4j/nd4j-native/pom.properties";
    private static final String UNKNOWN = "unknown";

    private final int threads;
    private final ProbeCache cache;

    /** @param threads how many compute, at least 1 */
    public MatmulProbe(int threads) {
        this(threads, ProbeCache.ofThisUser());
    }

    MatmulProbe(int threads, ProbeCache cache) {
        this.threads = threads;
        this.cache = cache;
    }

    /** The rates that an earlier probe of this machine has kept; measured where there are none. */
    public MatmulRates rates() {
        return cache.read(machine()).orElseGet(this::measure);
    }

    /** Measures now, whatever is kept, and keeps the result. */
    public MatmulRates measure() {
        MatmulRates rates = new MatmulRates(NativeChoice.hasOneDnn() ? ofOneDnn() : Map.of(Compute.FLOAT, ofOurOwn()));
        cache.write(machine(), rates);
        return rates;
    }

    /** All that decides the rates: the processor, the threads, and the library and its build. */
    private String machine() {
        String library = NativeChoice.hasOneDnn()
                ? NativeChoice.load().platform() + NativeChoice.load().extension() + " "
                        + (OneDnn.usesOwnLibrary() ? "oneDNN " + DnnlLibrary.VERSION : libraryVersion())
                : "own product, vectors of " + Floats.SPECIES.vectorBitSize() + " bits";
        return Processor.here().model() + ", " + threads + " threads, " + library;
    }

    /** Which ND4J it is; loads nothing of it. */
    private static String libraryVersion() {
        Properties properties = new Properties();
        try (InputStream in = MatmulProbe.class.getResourceAsStream(LIBRARY)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return UNKNOWN;
        }
        return properties.getProperty("version", UNKNOWN);
    }

    private static boolean multiplies(Compute type) {
        return switch (type) {
            case FLOAT -> true;
            case BFLOAT16 -> NativeChoice.hasHalfProducts();
            case INT8 -> NativeChoice.hasEightBitProducts();
        };
    }

    private Map<Compute, Double> ofOneDnn() {
        Map<Compute, Double> best = new EnumMap<>(Compute.class);
        try (Arena arena = Arena.ofConfined();
                OneDnn oneDnn = OneDnn.of(threads)) {
            List<RandomProduct> products = new ArrayList<>();
            for (Compute type : Compute.values()) {
                if (multiplies(type)) {
                    RandomProduct product = new RandomProduct(oneDnn, type, arena, ROWS, DEPTH, COLS);
                    best.put(type, taste(product));
                    products.add(product);
                }
            }
            products.removeIf(product -> best.getOrDefault(product.type(), 0.0) <= PLAIN_LOOP);
            for (int round = 0; round < ROUNDS; round++) {
                products.forEach(product -> best.merge(product.type(), product.gflops(ROWS), Math::max));
            }
        }
        return best;
    }

    /** The first call makes the kernel, and any may be held up by what else the machine does: only the best tells a plain loop. */
    private static double taste(RandomProduct product) {
        double best = 0;
        for (int call = 0; call < TASTES && best <= PLAIN_LOOP; call++) {
            best = Math.max(best, product.gflops(FEW_ROWS));
        }
        return best;
    }

    /** FLOAT, where there is no ND4J. */
    private double ofOurOwn() {
        try (Arena arena = Arena.ofShared();
                Ops ops = new CpuOps(threads)) {
            Tensor x = Tensor.allocate(arena, DType.FLOAT, ROWS, DEPTH);
            Tensor w = Tensor.allocate(arena, DType.FLOAT, COLS, DEPTH);
            Tensor y = Tensor.allocate(arena, DType.FLOAT, ROWS, COLS);
            ops.fill(x, 1);
            ops.fill(w, 1);
            double best = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long begin = System.nanoTime();
                ops.linear(y, x, w, 0);
                best = Math.max(best, gflops(ROWS, System.nanoTime() - begin));
            }
            return best;
        }
    }

    /** Operations of one product over its time: 10^9 a second is one a nanosecond. */
    static double gflops(int rows, long nanos) {
        return 2.0 * rows * DEPTH * COLS / Math.max(1, nanos);
    }
}
