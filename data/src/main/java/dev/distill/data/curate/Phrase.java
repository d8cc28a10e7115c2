package dev.distill.data.curate;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Something that people or models say, as a pattern.
 *
 * @param section the heading under which it stands in its {@link PhraseBook}
 * @param beginnings how a text begins that it may match, in lower case
 */
record Phrase(String section, List<String> beginnings, Pattern pattern) {}
