package dev.distill.data.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Overlaps of every kind that {@link Decontamination} calls contamination, cut out of four benchmarks and planted into traces: none
 * may be missed. What is distinctive is counted here on the words' texts, apart from the code's hashes.
 */
@Tag("conformance")
class PlantedOverlapConformanceTest {
    private static final String BEFORE = "Now let us look at this one here";
    private static final String BEHIND = "and so we go on to the next thing.";

    private record Text(Words words, boolean formula) {
        static Text of(String text) {
            HeldOutText heldOut = HeldOutText.of(Words.of(text));
            return new Text(heldOut.words(), heldOut.formula());
        }

        String cut(int from, int to) {
            return words.text(from, to);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gsm8k_test.jsonl, question, answer",
        "math500.jsonl, problem, solution",
        "aime24_nemo.jsonl, problem, reference_solution",
        "aime25_nemo.jsonl, problem, reference_solution"
    })
    void everyPlantedOverlapIsFound(String file, String question, String solution) throws IOException {
        List<HeldOutSet.Question> held = new ArrayList<>();
        for (JsonNode record : lines(file)) {
            held.add(new HeldOutSet.Question(
                    record.get(question).asText(), record.get(solution).asText()));
        }
        List<Text> questions =
                distinct(held.stream().map(HeldOutSet.Question::text).toList());
        List<Text> solutions = held.stream()
                .map(each -> Text.of(String.valueOf(each.solution())))
                .toList();
        for (int n : new int[] {8, 10, 13}) {
            Decontamination filter =
                    new Decontamination(new HeldOutSet("held", held), new Decontamination.Settings(n, 0.85, 0.6));
            List<String> missed = new ArrayList<>();
            int windows = plantWindows(filter, questions, n, missed);
            int quotes = plantQuotes(filter, questions, n, missed);
            int worked = plantQuotes(filter, solutions, n, missed);
            int reworded = plantReworded(filter, questions, n, missed);
            assertThat(missed)
                    .as(
                            "%s, n = %d: %d windows, %d quotes, %d solutions, %d reworded",
                            file, n, windows, quotes, worked, reworded)
                    .isEmpty();
            assertThat(windows).isGreaterThan(questions.size());
            assertThat(List.of(quotes, worked, reworded)).allMatch(count -> count >= questions.size() / 3);
        }
    }

    /** Each n-gram of a question that at most one other one has, as a prompt of its own behind one word. */
    private static int plantWindows(Decontamination filter, List<Text> questions, int n, List<String> missed) {
        Map<String, Integer> texts = textsWith(questions, n);
        int planted = 0;
        for (Text text : questions) {
            for (int i = 0; i + n <= text.words().size() && !text.formula(); i++) {
                String window = text.cut(i, i + n);
                if (texts.getOrDefault(window, 0) <= 2) {
                    planted++;
                    check(filter, Traces.question("Well, " + window), window, missed);
                }
            }
        }
        return planted;
    }

    /** Of each text the part from its first number to its last, or 60 % of it if that is more, within a reasoning. */
    private static int plantQuotes(Decontamination filter, List<Text> texts, int n, List<String> missed) {
        Map<String, Integer> with = textsWith(texts, n);
        int planted = 0;
        for (Text text : texts) {
            Words words = text.words();
            int from = 0;
            int to = 0;
            for (int i = words.size() - 1; i >= 0; i--) {
                from = words.isNumber(i) ? i : from;
                to = words.isNumber(i) && to == 0 ? i + 1 : to;
            }
            int least = Math.max(n, (int) Math.ceil(0.6 * words.size()));
            to = Math.min(words.size(), Math.max(to, from + least));
            from = Math.max(0, Math.min(from, to - least));
            boolean distinctive = false;
            for (int i = from; i + n <= to; i++) {
                distinctive |= with.getOrDefault(text.cut(i, i + n), 0) <= 2;
            }
            if (distinctive) {
                planted++;
                String quote = text.cut(from, to);
                check(filter, Traces.reasoning(BEFORE + " " + quote + " " + BEHIND), quote, missed);
            }
        }
        return planted;
    }

    /** Each question with every ninth word that is no number replaced, so that n-grams alone do not find it. */
    private static int plantReworded(Decontamination filter, List<Text> questions, int n, List<String> missed) {
        int planted = 0;
        for (Text text : questions) {
            Words words = text.words();
            if (text.formula() || words.size() < Math.max(n, 20) || words.size() > QuestionMatch.MAX_FUZZY) {
                continue;
            }
            StringBuilder reworded = new StringBuilder();
            for (int i = 0; i < words.size(); i++) {
                reworded.append(i % 9 == 4 && !words.isNumber(i) ? "indeed" : words.get(i))
                        .append(' ');
            }
            planted++;
            check(filter, Traces.question(reworded.toString()), reworded.toString(), missed);
        }
        return planted;
    }

    private static void check(Decontamination filter, Trace trace, String planted, List<String> missed) {
        if (filter.check(trace).outcome() != Verdict.Outcome.FAIL) {
            missed.add(planted);
        }
    }

    /** In how many texts each n-gram stands. */
    private static Map<String, Integer> textsWith(List<Text> texts, int n) {
        Map<String, Integer> counts = new HashMap<>();
        for (Text text : texts) {
            HashSet<String> grams = new HashSet<>();
            for (int i = 0; i + n <= text.words().size(); i++) {
                grams.add(text.cut(i, i + n));
            }
            grams.forEach(gram -> counts.merge(gram, 1, Integer::sum));
        }
        return counts;
    }

    private static List<Text> distinct(List<String> texts) {
        HashSet<String> seen = new HashSet<>();
        return texts.stream()
                .map(Text::of)
                .filter(text -> seen.add(text.cut(0, text.words().size())))
                .toList();
    }

    private static List<JsonNode> lines(String file) throws IOException {
        Path folder = Path.of(System.getProperty("distill.conformance", ""));
        Path path = folder.resolve("benchmarks").resolve(file);
        assumeTrue(
                !folder.toString().isEmpty() && Files.exists(path),
                "skipped: no " + file + " in the folder named by -Ddistill.conformance (\"" + folder + "\")");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }
}
