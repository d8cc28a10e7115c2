package dev.distill.data.shard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each page before Parquet's decoders see it: they take memory for as many values as a page claims to have, before
 * they find that it has not. What claims more than its bytes can hold is refused.
 *
 * <p>A page's bytes lie where those of its column's next page will ({@link ZstdCodecs}). Of a dictionary, and of texts that say only in
 * what they differ from the one before, Parquet's decoders keep parts for later pages: those get bytes of their own.
 */
record PageGuard(PageReadStore pages) implements PageReadStore {
    /** Bytes that a text in a dictionary has at least: those of its length. */
    private static final int LEAST_BINARY = Integer.BYTES;

    @Override
    public PageReader getPageReader(ColumnDescriptor column) {
        return new Guarded(column, pages.getPageReader(column));
    }

    @Override
    public long getRowCount() {
        return pages.getRowCount();
    }

    @Override
    public Optional<Long> getRowIndexOffset() {
        return pages.getRowIndexOffset();
    }

    private static void refuse(ColumnDescriptor column, String claim) {
        throw new ParquetDecodingException("column " + String.join(".", column.getPath()) + ": a page claims " + claim
                + ", more than it can hold");
    }

    private record Guarded(ColumnDescriptor column, PageReader pages) implements PageReader {
        @Override
        public @Nullable DictionaryPage readDictionaryPage() {
            DictionaryPage page = pages.readDictionaryPage();
            if (page == null) {
                return null;
            }
            int least = switch (column.getPrimitiveType().getPrimitiveTypeName()) {
                case BINARY, INT32, FLOAT -> LEAST_BINARY;
                case INT64, DOUBLE -> Long.BYTES;
                case INT96, FIXED_LEN_BYTE_ARRAY ->
                    Math.max(1, column.getPrimitiveType().getTypeLength());
                case BOOLEAN -> 1;
            };
            int entries = page.getDictionarySize();
            if (entries < 0 || entries > page.getUncompressedSize() / least) {
                refuse(column, "a dictionary of " + entries + " entries");
            }
            try {
                return new DictionaryPage(copy(page.getBytes()), entries, page.getEncoding());
            } catch (IOException e) {
                throw new ParquetDecodingException("a page cannot be read", e);
            }
        }

        @Override
        public long getTotalValueCount() {
            return pages.getTotalValueCount();
        }

        @Override
        public @Nullable DataPage readPage() {
            DataPage page = pages.readPage();
            try {
                return switch (page) {
                    case null -> null;
                    case DataPageV1 first -> {
                        check(first);
                        yield first.getValueEncoding() == Encoding.DELTA_BYTE_ARRAY ? copy(first) : first;
                    }
                    case DataPageV2 second -> {
                        levels(second.getRepetitionLevels().toByteBuffer(), column.getMaxRepetitionLevel(), page);
                        levels(second.getDefinitionLevels().toByteBuffer(), column.getMaxDefinitionLevel(), page);
                        values(second.getData().toByteBuffer(), second.getDataEncoding(), page);
                        yield second.getDataEncoding() == Encoding.DELTA_BYTE_ARRAY ? copy(second) : second;
                    }
                    default -> throw new ParquetDecodingException("no such kind of page: " + page);
                };
            } catch (IOException e) {
                throw new ParquetDecodingException("a page cannot be read", e);
            }
        }

        private static DataPage copy(DataPageV1 page) throws IOException {
            return new DataPageV1(
                    copy(page.getBytes()),
                    page.getValueCount(),
                    page.getUncompressedSize(),
                    page.getStatistics(),
                    page.getRlEncoding(),
                    page.getDlEncoding(),
                    page.getValueEncoding());
        }

        private static DataPage copy(DataPageV2 page) throws IOException {
            return DataPageV2.uncompressed(
                    page.getRowCount(),
                    page.getNullCount(),
                    page.getValueCount(),
                    page.getRepetitionLevels(),
                    page.getDefinitionLevels(),
                    page.getDataEncoding(),
                    copy(page.getData()),
                    page.getStatistics());
        }

        private static BytesInput copy(BytesInput bytes) throws IOException {
            return BytesInput.from(bytes.toByteArray().clone());
        }

        private void check(DataPageV1 page) throws IOException {
            ByteBuffer bytes = page.getBytes().toByteBuffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            if (page.getRlEncoding() == Encoding.RLE && page.getDlEncoding() == Encoding.RLE) {
                firstLevels(bytes, column.getMaxRepetitionLevel(), page);
                firstLevels(bytes, column.getMaxDefinitionLevel(), page);
                values(bytes, page.getValueEncoding(), page);
            }
        }

        /** In pages of version 1 their length comes first; none where there is but one level. */
        private void firstLevels(ByteBuffer bytes, int most, DataPage page) {
            if (most == 0) {
                return;
            }
            int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
            if (length < 0 || length > bytes.remaining()) {
                refuse(column, "levels of " + length + " bytes");
            }
            levels(bytes.slice(bytes.position(), length), most, page);
            bytes.position(bytes.position() + length);
        }

        private void levels(ByteBuffer bytes, int most, DataPage page) {
            if (most > 0) {
                runs(bytes, Integer.SIZE - Integer.numberOfLeadingZeros(most), page);
            }
        }

        private void values(ByteBuffer bytes, Encoding encoding, DataPage page) {
            if (encoding.usesDictionary()) {
                if (bytes.hasRemaining()) {
                    runs(bytes, bytes.get(), page);
                }
            } else if (encoding == Encoding.DELTA_BINARY_PACKED
                    || encoding == Encoding.DELTA_LENGTH_BYTE_ARRAY
                    || encoding == Encoding.DELTA_BYTE_ARRAY) {
                deltas(bytes);
            }
        }

        /** Runs of the hybrid of run lengths and packed bits (Encodings.md, RLE = 3): a packed one has its bits in the page. */
        private void runs(ByteBuffer bytes, int bits, DataPage page) {
            long left = page.getValueCount();
            while (left > 0 && bytes.hasRemaining()) {
                int header = varint(bytes);
                int groups = header >>> 1;
                if ((header & 1) == 0) {
                    left -= groups;
                    bytes.position(Math.min(bytes.limit(), bytes.position() + (bits + 7) / 8));
                } else {
                    // The last group may lack bytes that stand for no value.
                    long claimed = bits == 0 ? (left + 7) / 8 : bytes.remaining() / bits + 1L;
                    if (groups > claimed) {
                        refuse(column, groups * 8L + " packed values");
                    }
                    left -= groups * 8L;
                    bytes.position((int) Math.min(bytes.limit(), bytes.position() + (long) groups * bits));
                }
            }
        }

        /** The head of a block of deltas (Encodings.md, DELTA = 5): block size, parts of it, values, each as a varint. */
        private void deltas(ByteBuffer bytes) {
            int block = varint(bytes);
            int parts = varint(bytes);
            int count = varint(bytes);
            if (block < 0
                    || parts <= 0
                    || count < 0
                    || Math.max(block, (long) count) * Long.BYTES > ReadLimits.page()) {
                refuse(column, count + " values in blocks of " + block);
            }
        }

        private int varint(ByteBuffer bytes) {
            int value = 0;
            for (int shift = 0; shift < Integer.SIZE; shift += 7) {
                if (!bytes.hasRemaining()) {
                    refuse(column, "a number that goes on behind its end");
                }
                byte next = bytes.get();
                value |= (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            refuse(column, "a number of more than 32 bits");
            return value;
        }
    }
}
