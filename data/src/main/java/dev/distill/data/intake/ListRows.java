package dev.distill.data.intake;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The elements of one JSON list. Where it is no JSON, what follows cannot be told apart: that is the last row. */
final class ListRows implements Rows {
    private static final ObjectReader ELEMENT =
            RowJson.READER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final JsonParser parser;
    private long number;
    private boolean over;

    ListRows(InputStream in) throws IOException {
        this.parser = ELEMENT.createParser(in);
        parser.nextToken();
    }

    @Override
    public String unit() {
        return "row";
    }

    @Override
    public Optional<List<String>> columns() {
        return Optional.empty();
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (over) {
            return null;
        }
        number++;
        try {
            if (parser.nextToken() == JsonToken.END_ARRAY) {
                over = true;
                return null;
            }
            JsonNode node = ELEMENT.readTree(parser);
            return node.isObject()
                    ? new Read(number, node)
                    : new Unreadable(number, "must be a JSON object, got " + RowJson.kind(node));
        } catch (JsonProcessingException e) {
            over = true;
            return new Unreadable(number, RowJson.problem(e) + "; is it the whole file?");
        } catch (CharConversionException e) {
            over = true;
            return new Unreadable(number, "is not UTF-8; convert the file");
        }
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
