package dev.distill.student.ops.cpu;

import dev.distill.student.ops.Compute;
import dev.distill.student.ops.nd4j.NativeChoice;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** {@code y = x wᵀ} of random whole numbers from -100 to 100 in one type, through ND4J's {@code matmul}: what {@link MatmulProbe} times. */
final class NdProduct implements AutoCloseable {
    private static final int LARGEST = 100; // exact in eight bits and in bfloat16's eight of mantissa

    private final Compute type;
    private final int rows;
    private final INDArray x;
    private final INDArray w;
    private final INDArray y;

    NdProduct(Compute type, int rows, int depth, int cols) {
        this.type = type;
        this.rows = rows;
        this.x = random(rows, depth);
        this.w = random(cols, depth);
        this.y = Nd4j.create(type == Compute.INT8 ? DataType.INT : inputs(), rows, cols);
    }

    /** Starts ND4J with so many threads. */
    static void start(int threads) {
        NativeChoice.load();
        Nd4j.getExecutioner();
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
    }

    /** Which ND4J it is; loads nothing of it. */
    static String libraryVersion() {
        Properties properties = new Properties();
        try (InputStream in =
                NdProduct.class.getResourceAsStream("/META-INF/maven/org.nd4j/nd4j-native/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }

    Compute type() {
        return type;
    }

    /** The rate of one call. */
    double gflops() {
        DynamicCustomOp matmul = DynamicCustomOp.builder("matmul")
                .addInputs(x, w)
                .addOutputs(y)
                .addIntegerArguments(0, 1, 0)
                .addFloatingPointArguments(1.0, 0.0)
                .build();
        long begin = System.nanoTime();
        Nd4j.getExecutioner().exec(matmul);
        return MatmulProbe.gflops(rows, System.nanoTime() - begin);
    }

    private DataType inputs() {
        return switch (type) {
            case FLOAT -> DataType.FLOAT;
            case BFLOAT16 -> DataType.BFLOAT16;
            case INT8 -> DataType.BYTE;
        };
    }

    private INDArray random(int height, int width) {
        SplittableRandom random = new SplittableRandom(height);
        float[] values = new float[height * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-LARGEST, LARGEST + 1);
        }
        INDArray floats = Nd4j.create(values, new long[] {height, width}, DataType.FLOAT);
        if (inputs() == DataType.FLOAT) {
            return floats;
        }
        INDArray cast = floats.castTo(inputs());
        floats.close();
        return cast;
    }

    @Override
    public void close() {
        x.close();
        w.close();
        y.close();
    }

    /** Products that are freed together. */
    static final class Group implements AutoCloseable {
        private final List<NdProduct> products = new ArrayList<>();

        void add(NdProduct product) {
            products.add(product);
        }

        List<NdProduct> products() {
            return products;
        }

        @Override
        public void close() {
            products.forEach(NdProduct::close);
        }
    }
}
