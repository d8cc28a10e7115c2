package dev.distill.data.shard;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** What other people's Parquet pages are compressed with: Snappy, gzip, and what {@link ZstdCodecs} reads. For one thread. */
final class ForeignCodecs implements CompressionCodecFactory {
    private final ZstdCodecs zstd = new ZstdCodecs();

    /** Whether pages of this kind can be read. */
    static boolean reads(CompressionCodecName codec) {
        return switch (codec) {
            case ZSTD, UNCOMPRESSED, SNAPPY, GZIP -> true;
            case LZO, BROTLI, LZ4, LZ4_RAW -> false;
        };
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("other people's files are read, not written");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case ZSTD, UNCOMPRESSED -> zstd.getDecompressor(codec);
            case SNAPPY -> new Pages(ForeignCodecs::snappy);
            case GZIP -> new Pages(ForeignCodecs::gzip);
            case LZO, BROTLI, LZ4, LZ4_RAW ->
                throw new IllegalArgumentException(
                        "its pages are compressed with " + codec + "; Snappy, gzip, Zstandard and none are read");
        };
    }

    private static byte[] snappy(byte[] bytes, int size) throws IOException {
        if (Snappy.uncompressedLength(bytes) != size) {
            throw new IOException(
                    "a page claims to hold " + size + " bytes, Snappy says " + Snappy.uncompressedLength(bytes));
        }
        return Snappy.uncompress(bytes);
    }

    private static byte[] gzip(byte[] bytes, int size) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            byte[] page = in.readNBytes(size);
            if (page.length != size || in.read() >= 0) {
                throw new IOException("a page claims to hold " + size + " bytes and holds another number");
            }
            return page;
        }
    }

    @Override
    public void release() {
        zstd.release();
    }

    /** One page's bytes to those that it was made of. */
    @FunctionalInterface
    private interface Expansion {
        byte[] expand(byte[] bytes, int size) throws IOException;
    }

    private record Pages(Expansion expansion) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            return BytesInput.from(page(bytes.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size) throws IOException {
            byte[] bytes = new byte[compressedSize];
            input.get(bytes);
            output.put(page(bytes, size));
        }

        private byte[] page(byte[] bytes, int size) throws IOException {
            if (size < 0 || size > ReadLimits.page()) {
                throw new IOException("a page of " + bytes.length + " bytes claims to hold " + size);
            }
            return expansion.expand(bytes, size);
        }

        @Override
        public void release() {}
    }
}
