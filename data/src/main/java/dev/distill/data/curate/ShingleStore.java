package dev.distill.data.curate;

import java.io.IOException;

/** The shingles of texts by their numbers, wherever they are kept. */
@FunctionalInterface
public interface ShingleStore {
    Shingles get(int text) throws IOException;
}
