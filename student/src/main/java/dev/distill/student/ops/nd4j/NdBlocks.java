package dev.distill.student.ops.nd4j;

import dev.distill.student.tensor.DType;
import dev.distill.student.tensor.DynamicMap;
import dev.distill.student.tensor.NormalFloatLayout;
import dev.distill.student.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Tensors whose blocks share a scale, rounded and widened in the plainest way. */
final class NdBlocks {
    private NdBlocks() {}

    /** {@code y = x} for a dynamic y and a FLOAT x: for each block, the largest magnitude, then each number's share of it. */
    static void round(Tensor y, Tensor x) {
        INDArray values = NdArrays.of(x.reshape(Math.toIntExact(x.size())));
        DynamicMap map = y.type().map();
        for (int block = 0; block < y.scales().size(); block++) {
            long first = (long) block * DynamicMap.BLOCK;
            long end = Math.min(first + DynamicMap.BLOCK, x.size());
            INDArray part = values.get(NDArrayIndex.interval(first, end));
            float scale = part.amaxNumber().floatValue();
            INDArray shares = part.mul(DynamicMap.reciprocal(scale));
            y.scales().set(block, scale);
            for (long i = 0; i < end - first; i++) {
                y.segment().set(ValueLayout.JAVA_BYTE, first + i, map.code(shares.getFloat(i)));
            }
        }
    }

    /** {@code y = x} for an NF4 y: codes of shares of each block's largest magnitude; the magnitudes, less their mean, dynamic. */
    static void roundToFourBits(Tensor y, Tensor x) {
        int block = NormalFloatLayout.BLOCK;
        try (Arena brief = Arena.ofShared()) {
            Tensor scales = Tensor.allocate(brief, DType.FLOAT, NormalFloatLayout.blocks(x.size()));
            for (long i = 0; i < x.size(); i++) {
                scales.set(i / block, Math.max(scales.get(i / block), Math.abs(x.get(i))));
            }
            for (long i = 0; i < x.size(); i++) {
                int code = NormalFloatLayout.code(x.get(i) * DynamicMap.reciprocal(scales.get(i / block)));
                long at = i / block * NormalFloatLayout.BLOCK_BYTES + i % NormalFloatLayout.BLOCK_BYTES;
                boolean low = i % block < NormalFloatLayout.BLOCK_BYTES;
                int before = low ? 0 : y.segment().get(ValueLayout.JAVA_BYTE, at);
                y.segment().set(ValueLayout.JAVA_BYTE, at, (byte) (low ? code : before | code << 4));
            }
            INDArray values = NdArrays.of(scales);
            double mean = values.castTo(DataType.DOUBLE).meanNumber().doubleValue();
            values.subi((float) mean);
            round(y.scales(), scales);
            y.segment().set(ValueLayout.JAVA_FLOAT_UNALIGNED, NormalFloatLayout.mean(x.size()), (float) mean);
        }
    }

    /** FLOAT numbers of a rounded tensor. */
    static Tensor widened(Tensor rounded, Arena arena) {
        Tensor copy = Tensor.allocate(arena, DType.FLOAT, rounded.shape());
        for (long i = 0; i < rounded.size(); i++) {
            copy.set(i, rounded.get(i));
        }
        return copy;
    }

    /** Gives FLOAT copies of dynamic tensors to be changed, and rounds what has become of them. */
    static void inFloats(List<Tensor> dynamic, Consumer<List<Tensor>> change) {
        try (Arena brief = Arena.ofShared()) {
            List<Tensor> floats =
                    dynamic.stream().map(each -> widened(each, brief)).toList();
            change.accept(floats);
            for (int i = 0; i < dynamic.size(); i++) {
                round(dynamic.get(i), floats.get(i));
            }
        }
    }
}
