package dev.distill.data.answer;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The units, the words for large numbers, and the words of direction that are known by name. */
final class Units {
    /** One line each: the dimension, the size of the unit in the dimension's own, the unit's names. */
    private static final String TABLE = """
            length 1 m meter metre 米
            length 1000 km kilometer kilometre 千米 公里
            length 0.1 dm decimeter decimetre 分米
            length 0.01 cm centimeter centimetre 厘米
            length 0.001 mm millimeter millimetre 毫米
            length 0.000001 μm micrometer micrometre
            length 0.000000001 nm nanometer nanometre
            length 0.0254 in inch inches
            length 0.3048 ft foot feet
            length 0.9144 yd yard
            length 1609.344 mi mile
            mass 1 g gram 克
            mass 1000 kg kilogram 千克 公斤
            mass 0.001 mg milligram
            mass 1000000 t tonne 吨
            mass 453.59237 lb lbs pound
            mass 28.349523125 oz ounce
            time 1 s sec second 秒
            time 0.001 ms millisecond
            time 60 min minute 分钟
            time 3600 h hr hour 小时
            time 86400 day 天
            time 604800 week wk 周
            month 1 month mo 个月
            month 12 year yr 年
            angle 1 rad radian
            turn 1 revolution rev
            money 1 dollar USD buck $
            money 0.01 cent ¢
            euro 1 euro EUR €
            sterling 1 £ GBP
            yuan 1 yuan RMB CNY 元 ¥
            rupee 1 rupee ₹
            current 1 A amp ampere
            kelvin 1 K kelvin
            substance 1 mol mole
            data 1 bit
            data 8 byte
            half-day-am 1 am
            half-day-pm 1 pm
            up 1 increase increased rise gain up
            down 1 decrease decreased fall loss down drop
            boy 1 boy
            girl 1 girl
            north 1 north
            south 1 south
            east 1 east
            west 1 west
            clockwise 1 clockwise
            counterclockwise 1 counterclockwise anticlockwise
            """;

    /** The same for units that are made of others. */
    private static final String MADE = """
            0.001 L l liter litre 升 : length^3
            0.00001 cL centiliter : length^3
            0.000001 mL ml milliliter millilitre cc 毫升 : length^3
            0.003785411784 gal gallon : length^3
            0.000946352946 qt quart : length^3
            0.000473176473 pt pint : length^3
            4046.8564224 acre : length^2
            10000 ha hectare : length^2
            0.44704 mph : length time^-1
            5/18 kph : length time^-1
            1/60 rpm : turn time^-1
            0.0000000000000001602176634 eV : mass length^2 time^-2
            1 Hz hertz : time^-1
            1000 kHz kilohertz : time^-1
            1000 N newton : mass length time^-2
            1000 J joule : mass length^2 time^-2
            1000000 kJ kilojoule : mass length^2 time^-2
            1000 W watt : mass length^2 time^-3
            1000000 kW kilowatt : mass length^2 time^-3
            1000 Pa pascal : mass length^-1 time^-2
            1000000 kPa kilopascal : mass length^-1 time^-2
            1000 V volt : mass length^2 time^-3 current^-1
            1000 ohm Ω : mass length^2 time^-3 current^-2
            """;

    /** Short names that may follow a number without a space; others would be products of letters. */
    private static final Set<String> SHORT = Set.of(
            "mm", "cm", "dm", "km", "in", "ft", "yd", "mi", "mg", "kg", "lb", "lbs", "oz", "ml", "mL", "cL", "hr",
            "hrs", "min", "mins", "sec", "secs", "ms", "mph", "kph", "rpm", "Hz", "kHz", "kW", "kJ", "kPa", "eV", "mol",
            "am", "pm", "rad", "cents", "USD", "EUR");

    private static final Map<String, Unit> NAMES = new HashMap<>();

    private static final Map<String, Rational> SCALES = Map.ofEntries(
            Map.entry("dozen", Rational.of(12)),
            Map.entry("hundred", Rational.of(100)),
            Map.entry("thousand", Rational.of(1_000)),
            Map.entry("million", Rational.of(1_000_000)),
            Map.entry("billion", Rational.of(1_000_000_000)),
            Map.entry("trillion", Rational.of(1_000_000_000_000L)),
            Map.entry("half", Rational.of(2).inverse()),
            Map.entry("halve", Rational.of(2).inverse()),
            Map.entry("third", Rational.of(3).inverse()),
            Map.entry("fifth", Rational.of(5).inverse()),
            Map.entry("sixth", Rational.of(6).inverse()),
            Map.entry("eighth", Rational.of(8).inverse()),
            Map.entry("tenth", Rational.of(10).inverse()),
            Map.entry("hundredth", Rational.of(100).inverse()),
            Map.entry("百", Rational.of(100)),
            Map.entry("千", Rational.of(1_000)),
            Map.entry("万", Rational.of(10_000)),
            Map.entry("萬", Rational.of(10_000)),
            Map.entry("亿", Rational.of(100_000_000)),
            Map.entry("億", Rational.of(100_000_000)));

    /** Plurals in -es of words without an e at their end. */
    private static final Pattern HISSING = Pattern.compile("(?:ss|x|ch|sh|zz|o)es$");

    /** Plurals that no rule gives, each before its singular. */
    private static final Map<String, String> SINGULARS = singulars("people person persons person men man women woman"
            + " children child dice die vertices vertex mice mouse geese goose teeth tooth feet foot oxen ox indices index"
            + " matrices matrix axes axis leaves leaf halves half knives knife wolves wolf shelves shelf loaves loaf lives life"
            + " buses bus gases gas lenses lens bonuses bonus quizzes quiz shoes shoe toes toe canoes canoe aches ache"
            + " movies movie cookies cookie calories calorie series series species species lens lens bus bus gas gas");

    static {
        for (String line : TABLE.strip().split("\n")) {
            String[] words = line.split(" ");
            define(new Unit(size(words[1]), Map.of("#" + words[0], 1)), words, 2);
        }
        for (String line : MADE.strip().split("\n")) {
            String[] halves = line.split(" : ");
            Map<String, Integer> bases = new HashMap<>();
            for (String base : halves[1].split(" ")) {
                String[] power = base.split("\\^");
                bases.put("#" + power[0], power.length == 1 ? 1 : Integer.parseInt(power[1]));
            }
            String[] words = halves[0].split(" ");
            define(new Unit(size(words[0]), Map.copyOf(bases)), words, 1);
        }
        for (String any : new String[] {"unit", "degree"}) {
            NAMES.put(any, Unit.NONE);
        }
    }

    private Units() {}

    private static void define(Unit unit, String[] words, int from) {
        for (int i = from; i < words.length; i++) {
            NAMES.put(words[i], unit);
        }
    }

    /** The unit of this name, also in the plural or in other case where the name is a word; null where none has it. */
    static @Nullable Unit find(String word) {
        Unit unit = NAMES.get(word);
        String lower = word.toLowerCase(Locale.ROOT);
        for (int plural = 0; unit == null && plural <= 2 && word.length() > plural + 1; plural++) {
            boolean ends = plural == 2 ? HISSING.matcher(lower).find() : plural == 0 || lower.endsWith("s");
            unit = ends ? NAMES.get(lower.substring(0, lower.length() - plural)) : null;
        }
        return unit;
    }

    /** The unit that a letter names, or a power of it ({@code m^2}); null where it names none. */
    static @Nullable Unit named(Expr expr) {
        if (expr instanceof Expr.Power power
                && power.exponent() instanceof Expr.Number number
                && number.value().intValue() instanceof Integer exponent
                && exponent >= 2
                && exponent <= 3) {
            Unit unit = named(power.base());
            return unit == null
                    ? null
                    : exponent == 2 ? unit.times(unit) : unit.times(unit).times(unit);
        }
        return expr instanceof Expr.Symbol letter && letter.name().length() == 1 ? find(letter.name()) : null;
    }

    /** Pounds are money beside the sign of that money, and a mass beside everything else. */
    static Unit poundsBeside(Unit unit, Unit other) {
        Unit sterling = Objects.requireNonNull(NAMES.get("£"));
        boolean pounds = unit.equals(NAMES.get("pound")) && other.bases().equals(sterling.bases());
        return pounds ? sterling : unit;
    }

    private static Map<String, String> singulars(String pairs) {
        String[] words = pairs.split(" ");
        Map<String, String> singulars = new HashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            singulars.put(words[i], words[i + 1]);
        }
        return Map.copyOf(singulars);
    }

    private static Rational size(String number) {
        String[] parts = number.split("/");
        Rational above = Rational.of(new BigDecimal(parts[0]));
        return parts.length == 1
                ? above
                : above.times(Rational.of(new BigDecimal(parts[1])).inverse());
    }

    static boolean isShort(String word) {
        return SHORT.contains(word);
    }

    static boolean isDimension(String base) {
        return base.charAt(0) == '#';
    }

    /** What a word multiplies the number before it by; null for words that are no numbers. */
    static @Nullable Rational scale(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        return SCALES.get(lower.endsWith("s") ? lower.substring(0, lower.length() - 1) : lower);
    }

    /** A word for a large number, and what it multiplies the number before it by. */
    record Scale(String word, Rational size) {}

    /** The word for a number that this word is, or begins with where its letters are Chinese; null where there is none. */
    static @Nullable Scale scaleBefore(String word) {
        Rational whole = scale(word);
        if (whole != null) {
            return new Scale(word, whole);
        }
        String first = word.isEmpty() ? "" : word.substring(0, 1);
        Rational size = SCALES.get(first);
        return size == null ? null : new Scale(first, size);
    }

    /** A word's singular, as far as its letters tell: {@code boxes} are {@code box}es, {@code planes} are no {@code plan}s. */
    static String singular(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String known = SINGULARS.get(lower);
        if (known != null || lower.length() < 3 || !lower.endsWith("s") || lower.endsWith("ss")) {
            return known != null ? known : lower;
        }
        if (lower.endsWith("ies") && lower.length() > 4) {
            return lower.substring(0, lower.length() - 3) + "y";
        }
        return lower.substring(0, lower.length() - (HISSING.matcher(lower).find() ? 2 : 1));
    }
}
