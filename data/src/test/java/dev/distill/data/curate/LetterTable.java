package dev.distill.data.curate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts {@code english-letters.txt} anew: {@code java ... LetterTable CONFORMANCE_FOLDER > english-letters.txt}. Every
 * second record, from the first, of GSM8K's test set and MATH-500; the others are there to measure with.
 */
final class LetterTable {
    private static final double PSEUDO_COUNTS = 5;
    private static final double MOST = 5;
    private static final Pattern FORMULA =
            Pattern.compile("\\$[^$]*\\$|\\\\[a-zA-Z]+|\\[asy\\].*?\\[/asy\\]", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("(?<![\\w\\p{L}])[A-Za-z]?[a-z]+(?![\\w\\p{L}])");

    private final double[] three = new double[Letters.SYMBOLS * Letters.SYMBOLS * Letters.SYMBOLS];
    private final double[] two = new double[Letters.SYMBOLS * Letters.SYMBOLS];
    private final double[] one = new double[Letters.SYMBOLS];
    private double all;

    private LetterTable() {}

    static String of(Path conformance) throws IOException {
        LetterTable table = new LetterTable();
        table.count(conformance.resolve("benchmarks/gsm8k_test.jsonl"), "question", "answer");
        table.count(conformance.resolve("benchmarks/math500.jsonl"), "problem", "solution");
        return table.text();
    }

    public static void main(String[] arguments) throws IOException {
        System.out.print(of(Path.of(arguments[0])));
    }

    private void count(Path file, String... fields) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i += 2) {
            JsonNode record = json.readTree(lines.get(i));
            for (String field : fields) {
                String text = FORMULA.matcher(record.get(field).asText().replace("'", ""))
                        .replaceAll(" ");
                for (Matcher word = WORD.matcher(text); word.find(); ) {
                    if (word.group().length() > 1) {
                        count(word.group().toLowerCase(Locale.ROOT));
                    }
                }
            }
        }
    }

    private void count(String word) {
        int first = Letters.END;
        int second = Letters.END;
        for (int i = 0; i <= word.length(); i++) {
            int third = i < word.length() ? word.charAt(i) - 'a' : Letters.END;
            three[(first * Letters.SYMBOLS + second) * Letters.SYMBOLS + third]++;
            two[second * Letters.SYMBOLS + third]++;
            one[third]++;
            all++;
            first = second;
            second = third;
        }
    }

    private String text() {
        List<String> lines = new ArrayList<>();
        lines.add("# Written by LetterTable; read by Letters. Line 27 a + b is what may follow the letters a and b.");
        for (int ab = 0; ab < two.length; ab++) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < Letters.SYMBOLS; c++) {
                double steps = Math.clamp(randomness(ab, c), Letters.LEAST, MOST) / Letters.STEP;
                line.append((char) ('A' + Math.round(steps) - Math.round(Letters.LEAST / Letters.STEP)));
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines) + "\n";
    }

    private double randomness(int ab, int c) {
        int b = ab % Letters.SYMBOLS;
        double alone = (one[c] + 1) / (all + Letters.SYMBOLS);
        double afterOne = (two[b * Letters.SYMBOLS + c] + PSEUDO_COUNTS * alone) / (sum(two, b) + PSEUDO_COUNTS);
        double afterTwo =
                (three[ab * Letters.SYMBOLS + c] + PSEUDO_COUNTS * afterOne) / (sum(three, ab) + PSEUDO_COUNTS);
        return Math.log(alone / afterTwo);
    }

    private static double sum(double[] counts, int row) {
        double sum = 0;
        for (int i = row * Letters.SYMBOLS; i < (row + 1) * Letters.SYMBOLS; i++) {
            sum += counts[i];
        }
        return sum;
    }
}
