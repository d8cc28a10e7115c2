package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups of near duplicates, and what finding them takes. */
class NearDuplicatesTest {
    private static final NearDuplicateSettings STANDARD = NearDuplicateSettings.STANDARD;

    private final MinHash minHash = new MinHash(STANDARD);
    private final List<MinHash.Sketch> sketches = new ArrayList<>();
    private long reads;

    private void add(List<String> words) {
        sketches.add(minHash.sketch(String.join(" ", words)));
    }

    private NearDuplicates found() throws IOException {
        NearDuplicates near = new NearDuplicates(STANDARD, text -> {
            reads++;
            return sketches.get(text).shingles();
        });
        for (int text = 0; text < sketches.size(); text++) {
            near.add(text, sketches.get(text).fingerprint());
        }
        return near;
    }

    private static List<String> words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add("" + letter(random) + letter(random) + letter(random) + "o");
        }
        return words;
    }

    private static char letter(Random random) {
        return (char) ('a' + random.nextInt(26));
    }

    private static List<String> changed(List<String> words, Random random, int changes) {
        List<String> copy = new ArrayList<>(words);
        for (int i = 0; i < changes; i++) {
            copy.set(random.nextInt(copy.size()), words(random, 1).getFirst());
        }
        return copy;
    }

    /** By the number of texts squared this would take minutes. */
    @Test
    @Timeout(60)
    void copiesTakeAsLongAsThereAreCopies() throws IOException {
        Random random = new Random(1);
        List<String> text = words(random, 120);
        for (int i = 0; i < 30_000; i++) {
            add(changed(text, random, 2));
        }
        NearDuplicates near = found();
        long alone = 0;
        for (int i = 0; i < sketches.size(); i++) {
            alone += near.first(i) == 0 ? 0 : 1;
        }
        assertThat(alone).isLessThan(30);
        assertThat(reads).isLessThan(10L * sketches.size());
    }

    /** Texts of one template share some bands and are not alike; copies of some of them are among them. */
    @Test
    void textsOfATemplateAreComparedWithFewAndTheirCopiesAreFound() throws IOException {
        long seed = 2;
        Random random = new Random(seed);
        List<String> template = words(random, 120);
        List<List<String>> texts = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            List<String> text = new ArrayList<>(template);
            text.addAll(60, words(random, 20));
            texts.add(text);
        }
        texts.forEach(this::add);
        for (int i = 0; i < 500; i++) {
            add(changed(texts.get(10 * i), random, 2));
        }
        NearDuplicates near = found();
        for (int i = 0; i < texts.size(); i++) {
            assertThat(near.first(i)).isEqualTo(i);
        }
        int copies = 0;
        for (int i = 0; i < 500; i++) {
            int first = near.first(texts.size() + i);
            assertThat(first).isIn(10 * i, texts.size() + i);
            copies += first == 10 * i ? 1 : 0;
        }
        assertThat(copies).as("seed %d", seed).isGreaterThanOrEqualTo(498);
        assertThat(reads)
                .as("some thousand a text, if all that share a band were compared")
                .isLessThan(300L * sketches.size());
    }

    /** Stars, chains, and pairs at the threshold, in any order. */
    @Test
    void groupsAreTheComponentsOfAllPairsThatAreAlike() throws IOException {
        for (long seed = 3; seed < 8; seed++) {
            Random random = new Random(seed);
            List<List<String>> texts = new ArrayList<>();
            for (int base = 0; base < 60; base++) {
                List<String> text = words(random, 40 + random.nextInt(200));
                List<String> last = text;
                texts.add(text);
                for (int copy = random.nextInt(12); copy > 0; copy--) {
                    last = changed(random.nextBoolean() ? text : last, random, 1 + random.nextInt(8));
                    texts.add(last);
                }
            }
            Collections.shuffle(texts, random);
            sketches.clear();
            texts.forEach(this::add);
            NearDuplicates near = found();
            int[] expected = components();
            int[] actual = new int[expected.length];
            Arrays.setAll(actual, near::first);
            assertThat(actual).as("seed %d", seed).isEqualTo(expected);
            assertThat(Arrays.stream(expected).distinct().count()).isLessThan(texts.size());
        }
    }

    /** The first of each text's group, by comparing all that share a band. */
    private int[] components() {
        int[] first = new int[sketches.size()];
        for (int i = 0; i < first.length; i++) {
            first[i] = i;
            Set<Long> bands =
                    LongStream.of(sketches.get(i).fingerprint().keys()).boxed().collect(Collectors.toSet());
            for (int j = 0; j < i; j++) {
                if (LongStream.of(sketches.get(j).fingerprint().keys()).anyMatch(bands::contains)
                        && sketches.get(j).shingles().jaccard(sketches.get(i).shingles()) >= STANDARD.threshold()) {
                    int from = Math.max(first[i], first[j]);
                    int to = Math.min(first[i], first[j]);
                    for (int k = 0; k <= i; k++) {
                        first[k] = first[k] == from ? to : first[k];
                    }
                }
            }
        }
        return first;
    }

    @Test
    void aBandRemembersItsFirstTextsAndFewOfAGroup() {
        DisjointSets groups = new DisjointSets();
        BandTable table = new BandTable();
        for (int text = 0; text < 100; text++) {
            if (text > 0 && text < 50) {
                groups.union(0, text);
            }
            table.add(new long[] {1, 1_000 + text}, text, groups);
        }
        assertThat(table.candidates(new long[] {1}))
                .hasSize(BandTable.MOST)
                .startsWith(0, 1, 2, 3, 4, 5, 6, 7, 50, 51)
                .endsWith(50 + BandTable.MOST - BandTable.MOST_OF_GROUP - 1);
        assertThat(table.candidates(new long[] {1, 1_099, 1_050}))
                .hasSize(BandTable.MOST + 1)
                .contains(99);
        assertThat(table.candidates(new long[] {999})).isEmpty();
    }
}
