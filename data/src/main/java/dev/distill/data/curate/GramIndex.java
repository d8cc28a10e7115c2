package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Where each n-gram of held-out questions and solutions stands. Looked up for every word of every trace, so questions and
 * solutions are looked up together. Built once, read by any number of threads.
 */
final class GramIndex {
    /** An n-gram that stands in more texts than this is a template's phrase. */
    private static final int MAX_TEXTS = 2;

    /** Of an n-gram that stands in more places than this, no further ones are looked at. */
    private static final int MAX_PLACES = 10_000;

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

    /** Where in this row each text begins. */
    private final int[] begins;

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
    }

    /** Whether it is a question; else it is a solution. */
    boolean isQuestion(Hit hit) {
        return hit.document() < questions;
    }

    Words text(int document) {
        return texts.get(document);
    }

    /** The held-out texts that share an n-gram with this one, in their order. */
    List<Hit> hits(Reading text) {
        if (places.isEmpty() || text.words().size() < n) {
            return List.of();
        }
        Map<Integer, BitSet> covered = null;
        BitSet distinctive = new BitSet();
        for (long gram : text.grams(n)) {
            if (places.mayHold(gram)) {
                covered = covered == null ? new TreeMap<>() : covered;
                add(places.find(gram), covered, distinctive);
            }
        }
        if (covered == null) {
            return List.of();
        }
        List<Hit> hits = new ArrayList<>();
        covered.forEach((document, words) -> hits.add(new Hit(document, words, distinctive.get(document))));
        return hits;
    }

    private void add(int group, Map<Integer, BitSet> covered, BitSet distinctive) {
        if (group < 0) {
            return;
        }
        int firstSolution = firstSolution(group);
        boolean rareQuestion = isRare(places.from(group), firstSolution);
        boolean rareSolution = isRare(firstSolution, places.to(group));
        int to = Math.min(places.to(group), places.from(group) + MAX_PLACES);
        for (int i = places.from(group); i < to; i++) {
            int document = document(places.value(i));
            int position = places.value(i) - begins[document];
            covered.computeIfAbsent(document, _ -> new BitSet()).set(position, position + n);
            boolean rare = document < questions ? rareQuestion : rareSolution;
            distinctive.set(document, distinctive.get(document) || rare);
        }
    }

    /** Where in a group the places in solutions begin. */
    private int firstSolution(int group) {
        int first = places.from(group);
        while (first < places.to(group) && places.value(first) < begins[questions]) {
            first++;
        }
        return first;
    }

    /** The text in which a place lies; empty texts have none. */
    private int document(int place) {
        int found = Arrays.binarySearch(begins, place);
        if (found < 0) {
            return -found - 2;
        }
        while (begins[found + 1] == place) {
            found++;
        }
        return found;
    }

    /** Whether these places of an n-gram lie in few texts; places rise, and so do their texts. */
    private boolean isRare(int from, int to) {
        int count = 0;
        int last = -1;
        for (int i = from; i < to && count <= MAX_TEXTS; i++) {
            int document = document(places.value(i));
            count += document == last ? 0 : 1;
            last = document;
        }
        return count <= MAX_TEXTS;
    }
}
