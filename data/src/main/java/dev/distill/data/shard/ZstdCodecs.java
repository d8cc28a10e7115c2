package dev.distill.data.shard;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Zstandard for Parquet's pages without Hadoop's native library, and pages that are not compressed. For one thread. */
final class ZstdCodecs implements CompressionCodecFactory {
    /** zstd's own default: more costs time and gains little on text. */
    private static final int LEVEL = 3;

    private final ZstdCompressCtx compressing = new ZstdCompressCtx().setLevel(LEVEL);
    private final ZstdDecompressCtx decompressing = new ZstdDecompressCtx();

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return switch (supported(codec)) {
            case ZSTD -> new Compressor();
            default -> new Plain();
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (supported(codec)) {
            case ZSTD -> new Decompressor();
            default -> new Plain();
        };
    }

    private static CompressionCodecName supported(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD && codec != CompressionCodecName.UNCOMPRESSED) {
            throw new IllegalArgumentException("its pages are compressed with " + codec + ", only ZSTD is read");
        }
        return codec;
    }

    @Override
    public void release() {
        compressing.close();
        decompressing.close();
    }

    private final class Compressor implements BytesInputCompressor {
        private final Bytes page = new Bytes();
        private byte[] compressed = {};

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            page.reset();
            bytes.writeAllTo(page);
            int most = Math.toIntExact(Zstd.compressBound(page.size()));
            if (compressed.length < most) {
                compressed = new byte[most];
            }
            int size = compressing.compressByteArray(compressed, 0, most, page.array(), 0, page.size());
            return BytesInput.from(Arrays.copyOf(compressed, size));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {}
    }

    /** A page in one array, which is kept for the next. */
    private static final class Bytes extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }

    private final class Decompressor implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(decompress(bytes.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size) throws IOException {
            byte[] bytes = new byte[compressedSize];
            input.get(bytes);
            output.put(decompress(bytes, size));
        }

        private byte[] decompress(byte[] bytes, int size) throws IOException {
            // The size comes from the file, so it is not believed before it is compared with zstd's own.
            long own = Zstd.getFrameContentSize(bytes);
            if (size < 0 || size > ReadLimits.page() || (own > 0 && own != size)) {
                throw new IOException(
                        "a page of " + bytes.length + " bytes claims to hold " + size + ", zstd says " + own);
            }
            try {
                byte[] page = decompressing.decompress(bytes, size);
                if (page.length != size) {
                    throw new IOException("a page has " + page.length + " bytes, its header says " + size);
                }
                return page;
            } catch (ZstdException e) {
                throw new IOException("a page is no valid zstd frame", e);
            }
        }

        @Override
        public void release() {}
    }

    private static final class Plain implements BytesInputCompressor, BytesInputDecompressor {
        @Override
        public BytesInput compress(BytesInput bytes) {
            return bytes;
        }

        @Override
        public BytesInput decompress(BytesInput bytes, int size) {
            return bytes;
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size) {
            output.put(input);
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.UNCOMPRESSED;
        }

        @Override
        public void release() {}
    }
}
