package dev.distill.data.answer;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the words behind a value say: {@code km/h}, {@code square feet}, {@code red apples}.
 *
 * @param factor how many of the dimension's own unit this is: 1000 for km, since lengths are in metres
 * @param bases what is counted, each with its power: dimensions of {@link Units} begin with {@code #}, all others are words
 *     that nobody here knows, in the singular
 */
record Unit(Rational factor, Map<String, Integer> bases) {
    static final Unit NONE = new Unit(Rational.ONE, Map.of());

    private static final Pattern PART = Pattern.compile("\\p{L}+(?:['’]\\p{L}+)?|[/*^·⋅×]|-?\\d+");

    /** What this phrase says; words that are not known are taken as what they are. */
    static Unit read(String phrase) {
        return new Reader().read(phrase);
    }

    private static final Pattern WORD = Pattern.compile("\\G\\s?(\\p{L}+(?:/\\p{L}+)*(?:\\^\\{?-?\\d+\\}?|[²³])?)");

    /** Words that only join units. */
    private static final Set<String> JOINTS = Set.of("per", "square", "cubic");

    private static final Pattern POWER = Pattern.compile("[²³]|\\^\\s*\\{?(-?\\d+)\\}?");

    /** Whether every word of the phrase is a unit that is known, so that it is no part of a sentence. */
    static boolean isKnown(String phrase) {
        Unit unit = read(phrase);
        return !unit.bases.isEmpty() && unit.isKnown();
    }

    /** How many characters at the start of a text are a unit, a word for a large number, or both: {@code meters per second}. */
    static int knownPrefix(String text) {
        Matcher word = WORD.matcher(text);
        int end = 0;
        while (word.find()) {
            String name = word.group(1);
            boolean preposition =
                    name.equals("in") && word.end() < text.stripTrailing().length();
            if (!preposition && (isKnown(name) || Units.scale(name) != null)) {
                end = word.end();
            } else if (!JOINTS.contains(name)) {
                break;
            }
        }
        return end;
    }

    boolean isNone() {
        return bases.isEmpty() && factor.equals(Rational.ONE);
    }

    Unit times(Unit other) {
        if (isNone() || other.isNone()) {
            return isNone() ? other : this;
        }
        Map<String, Integer> both = new TreeMap<>(bases);
        other.bases.forEach((base, power) -> both.merge(base, power, Integer::sum));
        both.values().removeIf(power -> power == 0);
        return new Unit(factor.times(other.factor), Map.copyOf(both));
    }

    /** One over this unit. */
    Unit inverse() {
        Map<String, Integer> below = new TreeMap<>();
        bases.forEach((base, power) -> below.put(base, -power));
        return new Unit(factor.inverse(), Map.copyOf(below));
    }

    private boolean isKnown() {
        return bases.keySet().stream().allMatch(Units::isDimension);
    }

    /**
     * Whether values in both can be compared: the same dimension or the same words; one that only says more than the other
     * ({@code red apples}, {@code apples}) is the same too. Known units of other dimensions are different; of words nobody
     * knows whether they mean the same.
     */
    Match kindOf(Unit other) {
        if (bases.equals(other.bases)) {
            return Match.SAME;
        }
        if (isKnown() && other.isKnown()) {
            return Match.DIFFERENT;
        }
        return saysMoreThan(other) || other.saysMoreThan(this) ? Match.SAME : Match.UNKNOWN;
    }

    private boolean saysMoreThan(Unit less) {
        boolean within = !less.bases.isEmpty()
                && less.bases.entrySet().stream()
                        .allMatch(base -> base.getValue().equals(bases.get(base.getKey())));
        return within
                && bases.entrySet().stream()
                        .allMatch(base -> less.bases.containsKey(base.getKey())
                                || (base.getValue() == 1 && !Units.isDimension(base.getKey())));
    }

    /** Reads one phrase from left to right. */
    private static final class Reader {
        private final Map<String, Integer> bases = new TreeMap<>();
        private Rational factor = Rational.ONE;
        private int side = 1;
        private int next = 1;
        private Unit last = NONE;
        private int lastPower;

        Unit read(String phrase) {
            String[] parts = PART.matcher(superscripts(phrase))
                    .results()
                    .map(result -> result.group())
                    .toArray(String[]::new);
            for (int i = 0; i < parts.length; i++) {
                String following = i + 1 < parts.length ? parts[i + 1] : "";
                i += part(parts[i], following, i == 0);
            }
            bases.values().removeIf(power -> power == 0);
            return new Unit(factor, Map.copyOf(bases));
        }

        /** Takes one part; the result is how many of the following it has taken too. */
        private int part(String part, String following, boolean first) {
            String word = part.toLowerCase(Locale.ROOT);
            switch (word) {
                case "/", "per" -> side = -1;
                case "square", "sq" -> next = 2;
                case "cubic", "cu" -> next = 3;
                case "squared" -> raise(2);
                case "cubed" -> raise(3);
                case "*", "·", "⋅", "×", "of", "the", "total" -> {}
                case "^" -> {
                    raise(following.matches("-?\\d{1,2}") ? Integer.parseInt(following) : 1);
                    return 1;
                }
                case "a", "an", "each" -> side = !first && Units.find(following) != null ? -1 : side;
                default -> word(part, following);
            }
            return 0;
        }

        private void word(String word, String following) {
            boolean preposition =
                    word.equalsIgnoreCase("in") && !following.isEmpty() && Character.isLetter(following.charAt(0));
            if (preposition || Character.isDigit(word.charAt(word.length() - 1))) {
                return;
            }
            Unit known = Units.find(word);
            last = known != null ? known : new Unit(Rational.ONE, Map.of(Units.singular(word), 1));
            lastPower = side * next;
            next = 1;
            add(lastPower);
        }

        /** Gives the last unit this power instead of one. */
        private void raise(int power) {
            add(lastPower * (power - 1));
            lastPower *= power;
        }

        private void add(int power) {
            last.bases().forEach((base, own) -> bases.merge(base, own * power, Integer::sum));
            Rational raised = last.factor().power(Math.clamp(power, -20, 20));
            factor = factor.times(raised == null ? Rational.ONE : raised);
        }

        private static String superscripts(String phrase) {
            return POWER.matcher(phrase)
                    .replaceAll(found -> " ^ "
                            + (found.group(1) != null
                                    ? found.group(1)
                                    : found.group().equals("²") ? "2" : "3"));
        }
    }
}
