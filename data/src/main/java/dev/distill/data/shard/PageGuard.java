package dev.distill.data.shard;

import java.io.IOException;
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
 * they find that it has not. What claims more than its bytes can hold is refused ({@link PageClaims}).
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
                throw PageClaims.refusal(column, "a dictionary of " + entries + " entries");
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
                        PageClaims.check(column, first);
                        yield first.getValueEncoding() == Encoding.DELTA_BYTE_ARRAY ? copy(first) : first;
                    }
                    case DataPageV2 second -> {
                        PageClaims.check(column, second);
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
    }
}
