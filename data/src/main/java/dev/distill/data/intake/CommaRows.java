package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of comma-separated values (RFC 4180) in UTF-8: the first line names the columns; a value in double quotes may hold commas, quotes (doubled) and line
 * breaks. Every value is a text. A row with fewer values than there are columns lacks the last of them.
 */
final class CommaRows implements Rows {
    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvParser.Feature.WRAP_AS_ARRAY)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private final MappingIterator<String[]> lines;
    private final List<String> columns;
    private long number;
    private boolean over;

    CommaRows(InputStream in) throws IOException {
        this.lines = CSV.readerFor(String[].class).readValues(in);
        this.columns = header(lines);
    }

    private static List<String> header(MappingIterator<String[]> lines) throws IOException {
        String[] names = lines.hasNextValue() ? lines.nextValue() : new String[0];
        if (names.length > 0) {
            names[0] = names[0].replace("\ufeff", "");
        }
        Set<String> all = new LinkedHashSet<>(List.of(names));
        if (all.size() < names.length) {
            throw new IOException("comma-separated values: every column must have a name of its own; got "
                    + String.join(", ", names));
        }
        return List.copyOf(all);
    }

    @Override
    public String unit() {
        return "row";
    }

    @Override
    public Optional<List<String>> columns() {
        return Optional.of(columns);
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (over) {
            return null;
        }
        number++;
        try {
            if (!lines.hasNextValue()) {
                over = true;
                return null;
            }
            return row(lines.nextValue());
        } catch (JsonProcessingException e) {
            over = true;
            return new Unreadable(
                    number, "cannot be told from the next (" + e.getOriginalMessage() + "); is every quote closed?");
        } catch (CharConversionException e) {
            over = true;
            return new Unreadable(number, "is not UTF-8; convert the file");
        }
    }

    private Row row(String[] values) {
        if (values.length > columns.size()) {
            return new Unreadable(
                    number,
                    "must have at most " + columns.size() + " values, as there are columns; got " + values.length
                            + "; put values with commas in double quotes");
        }
        ObjectNode node = RowJson.READER.createObjectNode();
        for (int i = 0; i < values.length; i++) {
            node.put(columns.get(i), values[i]);
        }
        return new Read(number, node);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
