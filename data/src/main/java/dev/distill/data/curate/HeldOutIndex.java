package dev.distill.data.curate;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where each n-gram of the held-out texts stands. Built once, read by any number of threads. */
final class HeldOutIndex {
    /** An n-gram that stands in more texts than this is a template's phrase. */
    private static final int MAX_TEXTS = 2;

    /** Of an n-gram that stands in more places than this, no further ones are kept. */
    private static final int MAX_PLACES = 10_000;

    /** Texts that share fewer groups of three words than this have nothing in common. */
    private static final int TRIPLE = 3;

    private static final double MIN_SHARED = 0.3;

    /** A place of an n-gram. */
    private record Place(int document, int position) {}

    /**
     * What a text has in common with one held-out text.
     *
     * @param covered which words of the held-out text lie in a common n-gram
     * @param distinctive whether one of these n-grams is no template's phrase
     */
    record Hit(int document, BitSet covered, boolean distinctive) {}

    private final List<Words> documents;
    private final int n;
    private final Map<Long, List<Place>> places = new HashMap<>();
    private final Map<Long, Integer> documentsWith = new HashMap<>();
    private final Map<Long, List<Integer>> withTriple = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** By their first two numbers, or the only one; and by all of them, sorted. */
    private final Map<Long, List<Integer>> withNumbers = new HashMap<>();

    HeldOutIndex(List<Words> documents, int n) {
        this.documents = List.copyOf(documents);
        this.n = n;
        for (int d = 0; d < documents.size(); d++) {
            Words words = documents.get(d);
            long[] grams = words.size() < n ? new long[0] : words.grams(n);
            for (int i = 0; i < grams.length; i++) {
                List<Place> here = places.computeIfAbsent(grams[i], _ -> new ArrayList<>());
                boolean first = here.isEmpty() || here.getLast().document() != d;
                documentsWith.merge(grams[i], first ? 1 : 0, Integer::sum);
                if (here.size() < MAX_PLACES) {
                    here.add(new Place(d, i));
                }
            }
            Problem problem = Problem.of(words);
            problems.add(problem);
            if (problem.numbers() > 0) {
                add(problem.key(0, Math.min(2, problem.numbers())), d);
                add(problem.sortedKey(), d);
            }
            for (long gram : words.grams(TRIPLE)) {
                List<Integer> here = withTriple.computeIfAbsent(gram, _ -> new ArrayList<>());
                if (here.isEmpty() || here.getLast() != d) {
                    here.add(d);
                }
            }
        }
    }

    private void add(long key, int document) {
        List<Integer> here = withNumbers.computeIfAbsent(key, _ -> new ArrayList<>());
        if (here.isEmpty() || here.getLast() != document) {
            here.add(document);
        }
    }

    /** The held-out texts whose numbers may stand in this text. Rising. */
    Iterable<Integer> withNumbersOf(Problem text) {
        TreeSet<Integer> candidates = new TreeSet<>();
        if (withNumbers.isEmpty() || text.numbers() == 0) {
            return candidates;
        }
        for (int i = 0; i < text.numbers(); i++) {
            candidates.addAll(withNumbers.getOrDefault(text.key(i, 1), List.of()));
            if (i + 1 < text.numbers()) {
                candidates.addAll(withNumbers.getOrDefault(text.key(i, 2), List.of()));
            }
        }
        candidates.addAll(withNumbers.getOrDefault(text.sortedKey(), List.of()));
        return candidates;
    }

    Problem problem(int document) {
        return problems.get(document);
    }

    Words text(int document) {
        return documents.get(document);
    }

    /** The held-out texts that share an n-gram with this one, in their order. */
    List<Hit> hits(Words text) {
        if (places.isEmpty() || text.size() < n) {
            return List.of();
        }
        Map<Integer, BitSet> covered = new TreeMap<>();
        BitSet distinctive = new BitSet();
        for (long gram : text.grams(n)) {
            List<Place> here = places.get(gram);
            if (here == null) {
                continue;
            }
            boolean rare = documentsWith.getOrDefault(gram, 0) <= MAX_TEXTS;
            for (Place place : here) {
                covered.computeIfAbsent(place.document(), _ -> new BitSet())
                        .set(place.position(), place.position() + n);
                distinctive.set(place.document(), distinctive.get(place.document()) || rare);
            }
        }
        List<Hit> hits = new ArrayList<>();
        covered.forEach((document, words) -> hits.add(new Hit(document, words, distinctive.get(document))));
        return hits;
    }

    /** The held-out texts worth comparing with this one as a whole: they share a few groups of three words. Rising. */
    List<Integer> candidates(Words text) {
        Map<Integer, Integer> shared = new TreeMap<>();
        for (long gram : text.grams(TRIPLE)) {
            withTriple.getOrDefault(gram, List.of()).forEach(document -> shared.merge(document, 1, Integer::sum));
        }
        List<Integer> candidates = new ArrayList<>();
        shared.forEach((document, count) -> {
            double least = Math.min(TRIPLE, MIN_SHARED * documents.get(document).size());
            if (count >= least) {
                candidates.add(document);
            }
        });
        return candidates;
    }
}
