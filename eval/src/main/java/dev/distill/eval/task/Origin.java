package dev.distill.eval.task;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a task's questions come from.
 *
 * @param dataset its name, for example {@code HuggingFaceH4/MATH-500}, or a file's
 * @param version a revision or date; empty where nobody has said
 * @param licence of the questions; empty where nobody has said
 * @param files SHA-256 in hexadecimal by the name of each file that was read
 */
public record Origin(String dataset, String version, String licence, SortedMap<String, String> files) {
    public Origin {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** Questions of which only a name is known. */
    public static Origin of(String dataset) {
        return new Origin(dataset, "", "", Collections.emptySortedMap());
    }
}
