package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where each n-gram of one set's held-out questions and solutions stands. Built once, read by any number of threads. */
final class GramIndex {
    /** An n-gram that stands in more texts than this is a template's phrase. */
    private static final int MAX_TEXTS = 2;

    /** Of an n-gram that stands in more places than this, no further ones are looked at. */
    private static final int MAX_PLACES = 10_000;

    private static final int IN_QUESTIONS = 1;
    private static final int IN_SOLUTIONS = 2;

    /**
     * What a text has in common with one held-out text.
     *
     * @param document its number; questions come first
     * @param covered which words of the held-out text lie in a common n-gram
     * @param distinctive whether one of these n-grams is no template's phrase
     */
    record Hit(int document, BitSet covered, boolean distinctive) {}

    private final List<Words> texts;
    private final int questions;
    private final int n;

    /** From an n-gram to its places in the texts one after the other. */
    private final HashGroups places;

    /** Where in this row each text begins, and in which text each place lies. */
    private final int[] begins;

    private final int[] documents;

    /** Of each n-gram, whether its places in questions, and in solutions, lie in few texts, as bits. */
    private final byte[] rare;

    GramIndex(List<Words> questions, List<Words> solutions, int n) {
        this.texts = Stream.concat(questions.stream(), solutions.stream()).toList();
        this.questions = questions.size();
        this.n = n;
        this.begins = new int[texts.size() + 1];
        HashGroups.Builder grams = new HashGroups.Builder();
        for (int d = 0; d < texts.size(); d++) {
            begins[d + 1] = Math.addExact(begins[d], texts.get(d).size());
            long[] here = texts.get(d).size() < n ? new long[0] : texts.get(d).grams(n);
            for (int i = 0; i < here.length; i++) {
                grams.add(here[i], begins[d] + i);
            }
        }
        this.places = grams.build();
        this.documents = new int[begins[texts.size()]];
        for (int d = 0; d < texts.size(); d++) {
            Arrays.fill(documents, begins[d], begins[d + 1], d);
        }
        this.rare = new byte[places.size()];
        for (int group = 0; group < rare.length; group++) {
            rare[group] = (byte) rare(group);
        }
    }

    private int rare(int group) {
        int firstSolution = places.from(group);
        while (firstSolution < places.to(group) && places.value(firstSolution) < begins[questions]) {
            firstSolution++;
        }
        return (isRare(places.from(group), firstSolution) ? IN_QUESTIONS : 0)
                | (isRare(firstSolution, places.to(group)) ? IN_SOLUTIONS : 0);
    }

    /** Whether these places of an n-gram lie in few texts; places rise, and so do their texts. */
    private boolean isRare(int from, int to) {
        int count = 0;
        int last = -1;
        for (int i = from; i < to && count <= MAX_TEXTS; i++) {
            int document = documents[places.value(i)];
            count += document == last ? 0 : 1;
            last = document;
        }
        return count <= MAX_TEXTS;
    }

    /** Whether it is a question; else it is a solution. */
    boolean isQuestion(Hit hit) {
        return hit.document() < questions;
    }

    Words text(int document) {
        return texts.get(document);
    }

    /** All of them. */
    List<Words> texts() {
        return texts;
    }

    /**
     * The held-out texts that share an n-gram with this one, in their order.
     *
     * @param all n-grams of these texts, and perhaps of others
     */
    List<Hit> hits(Reading text, HeldOutGrams all) {
        Found found = null;
        for (long gram : text.heldOut(all)) {
            int group = places.find(gram);
            if (group >= 0) {
                found = found == null ? new Found() : found;
                found.add(group);
            }
        }
        return found == null ? List.of() : found.hits();
    }

    /** What was found so far, by text. */
    private final class Found {
        private final @Nullable BitSet[] covered = new BitSet[texts.size()];
        private final BitSet documents = new BitSet();
        private final BitSet distinctive = new BitSet();

        void add(int group) {
            int to = Math.min(places.to(group), places.from(group) + MAX_PLACES);
            for (int i = places.from(group); i < to; i++) {
                int place = places.value(i);
                int document = GramIndex.this.documents[place];
                BitSet words = covered[document];
                if (words == null) {
                    words = new BitSet(texts.get(document).size());
                    covered[document] = words;
                    documents.set(document);
                }
                words.set(place - begins[document], place - begins[document] + n);
                if ((rare[group] & (document < questions ? IN_QUESTIONS : IN_SOLUTIONS)) != 0) {
                    distinctive.set(document);
                }
            }
        }

        List<Hit> hits() {
            List<Hit> hits = new ArrayList<>();
            for (int d = documents.nextSetBit(0); d >= 0; d = documents.nextSetBit(d + 1)) {
                hits.add(new Hit(d, Objects.requireNonNull(covered[d]), distinctive.get(d)));
            }
            return hits;
        }
    }
}
