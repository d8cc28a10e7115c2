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

    /** For one column of a row group. A page lies where the one before lay: {@link PageGuard} keeps what must stay. */
    /** Of one column of a row group. A page lies where the one before lay: {@link PageGuard} keeps what must stay. */
    private final class Decompressor implements BytesInputDecompressor {
        private byte[] page = {};

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            ByteBuffer compressed = bytes.toByteBuffer();
            if (!compressed.hasArray()) {
                compressed = ByteBuffer.wrap(bytes.toByteArray());
            }
            decompress(compressed, size);
            return BytesInput.from(page, 0, size);
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size) throws IOException {
            byte[] compressed = new byte[compressedSize];
            input.get(compressed);
            decompress(ByteBuffer.wrap(compressed), size);
            output.put(page, 0, size);
        }

        private void decompress(ByteBuffer compressed, int size) throws IOException {
            byte[] bytes = compressed.array();
            int from = compressed.arrayOffset() + compressed.position();
            int length = compressed.remaining();
            // The size comes from the file, so it is not believed before it is compared with zstd's own.
            long own = Zstd.getFrameContentSize(bytes, from, length);
            if (size < 0 || size > ReadLimits.page() || (own > 0 && own != size)) {
                throw new IOException("a page of " + length + " bytes claims to hold " + size + ", zstd says " + own);
            }
            if (page.length < size) {
                page = new byte[size];
            }
            try {
                int found = decompressing.decompressByteArray(page, 0, size, bytes, from, length);
                if (found != size) {
                    throw new IOException("a page has " + found + " bytes, its header says " + size);
                }
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
