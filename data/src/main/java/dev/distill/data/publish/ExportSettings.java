package dev.distill.data.publish;

import dev.distill.data.shard.ShardSize;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How traces are written for others.
 *
 * @param split name of the split: small letters, digits and {@code _}
 * @param title of the card; null for one made of the folder's name
 * @param licence of the data set as the hub writes it; null for those of the traces
 * @param languages for the card, ISO 639-1; nobody but the user knows them
 * @param size of Parquet files
 */
public record ExportSettings(
        ExportFormat format,
        ReasoningPlace reasoning,
        String split,
        @Nullable String title,
        @Nullable String licence,
        List<String> languages,
        ShardSize size) {
    /** Files of about 256 MiB, row groups of 32 MiB: readers of other programs take a row group at a time. */
    static final ShardSize FILES = new ShardSize(256L << 20, 32 << 20);

    public ExportSettings {
        languages = List.copyOf(languages);
        if (!split.matches("[a-z0-9_]{1,40}")) {
            throw new IllegalArgumentException(
                    "--split must be 1 to 40 small letters, digits or _, as train; got " + split);
        }
        if (licence != null && !licence.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException(
                    "--licence must be one word as the hub writes it, as apache-2.0 or other; got " + licence);
        }
        for (String language : languages) {
            if (!language.matches("[a-z]{2,3}")) {
                throw new IllegalArgumentException(
                        "--language must be two or three small letters, as en; got " + language);
            }
        }
        if (format == ExportFormat.OPENR1_MATH && reasoning == ReasoningPlace.SEPARATE) {
            throw new IllegalArgumentException(
                    "--reasoning separate: openr1-math has no column for it; use think-tags, or --as hf");
        }
    }

    /** The format, with think tags, as the split {@code train}. */
    public static ExportSettings of(ExportFormat format) {
        return new ExportSettings(format, ReasoningPlace.THINK_TAGS, "train", null, null, List.of(), FILES);
    }

    public ExportSettings with(ReasoningPlace place) {
        return new ExportSettings(format, place, split, title, licence, languages, size);
    }

    public ExportSettings withSplit(String name) {
        return new ExportSettings(format, reasoning, name, title, licence, languages, size);
    }

    public ExportSettings withCard(@Nullable String heading, @Nullable String id, List<String> spoken) {
        return new ExportSettings(format, reasoning, split, heading, id, spoken, size);
    }

    ExportSettings withSize(ShardSize other) {
        return new ExportSettings(format, reasoning, split, title, licence, languages, other);
    }

    /** For the manifest. */
    SortedMap<String, String> asText() {
        SortedMap<String, String> text = new TreeMap<>();
        text.put("export.as", format.word());
        text.put("export.reasoning", reasoning.word());
        text.put("export.split", split);
        text.put("export.languages", String.join(",", languages));
        text.put("export.file-bytes", Long.toString(size.fileBytes()));
        text.put("export.title", title == null ? "" : title);
        text.put("export.licence", licence == null ? "" : licence);
        return text;
    }
}
