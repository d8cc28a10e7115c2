package dev.distill.data.curate;

import java.lang.Character.UnicodeScript;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which language most of a text is written in, as its ISO 639-1 code. Told by the script that most words are in; within one script by the words that hold
 * sentences together (Latin, Devanagari) or by letters that only one language has (Cyrillic, Arabic). Meant for answers of a sentence or more.
 */
public final class WrittenLanguage {
    private static final Map<UnicodeScript, String> ALONE = Map.ofEntries(
            Map.entry(UnicodeScript.HANGUL, "ko"),
            Map.entry(UnicodeScript.THAI, "th"),
            Map.entry(UnicodeScript.HEBREW, "he"),
            Map.entry(UnicodeScript.GREEK, "el"),
            Map.entry(UnicodeScript.BENGALI, "bn"),
            Map.entry(UnicodeScript.TAMIL, "ta"),
            Map.entry(UnicodeScript.TELUGU, "te"),
            Map.entry(UnicodeScript.KANNADA, "kn"),
            Map.entry(UnicodeScript.MALAYALAM, "ml"),
            Map.entry(UnicodeScript.GUJARATI, "gu"),
            Map.entry(UnicodeScript.GURMUKHI, "pa"),
            Map.entry(UnicodeScript.HIRAGANA, "ja"),
            Map.entry(UnicodeScript.KATAKANA, "ja"));

    private static final Map<Language, String> LATIN = Map.ofEntries(
            Map.entry(Language.ENGLISH, "en"),
            Map.entry(Language.SPANISH, "es"),
            Map.entry(Language.FRENCH, "fr"),
            Map.entry(Language.GERMAN, "de"),
            Map.entry(Language.ITALIAN, "it"),
            Map.entry(Language.PORTUGUESE, "pt"),
            Map.entry(Language.DUTCH, "nl"),
            Map.entry(Language.POLISH, "pl"),
            Map.entry(Language.SWEDISH, "sv"),
            Map.entry(Language.DANISH, "da"),
            Map.entry(Language.TURKISH, "tr"),
            Map.entry(Language.INDONESIAN, "id"),
            Map.entry(Language.CZECH, "cs"),
            Map.entry(Language.ROMANIAN, "ro"),
            Map.entry(Language.HUNGARIAN, "hu"),
            Map.entry(Language.FINNISH, "fi"),
            Map.entry(Language.VIETNAMESE, "vi"),
            Map.entry(Language.PINYIN, "zh"));

    /** Words of Swahili that no list of {@link Language} knows. */
    private static final Set<String> SWAHILI =
            Set.of("ya", "wa", "kwa", "ni", "katika", "na", "za", "hii", "kuwa", "watu", "kama", "cha", "yake", "pia");

    private static final Map<String, Set<String>> DEVANAGARI = Map.of(
            "hi", Set.of("है", "हैं", "और", "के", "में", "की", "का", "को", "से", "यह", "पर", "था", "नहीं"),
            "mr", Set.of("आहे", "आहेत", "आणि", "मध्ये", "नाही", "हे", "ही", "या", "तो", "होते", "करण्यासाठी"),
            "ne", Set.of("छ", "छन्", "र", "हो", "को", "मा", "गर्न", "भने", "हुन्छ", "यो", "लागि", "तपाईं"));

    private WrittenLanguage() {}

    /** Empty where the text has no words, or too few to tell. */
    public static Optional<String> of(String text) {
        LanguageCount count = LanguageCount.of(text);
        if (count.words() == 0) {
            return Optional.empty();
        }
        UnicodeScript main = count.mainScript();
        String alone = ALONE.get(main);
        if (alone != null) {
            return Optional.of(alone);
        }
        return switch (main) {
            case HAN -> Optional.of(hasAny(count, UnicodeScript.HIRAGANA) ? "ja" : "zh");
            case CYRILLIC -> Optional.of(cyrillic(text));
            case ARABIC -> Optional.of(arabic(text));
            case DEVANAGARI -> devanagari(text);
            case LATIN -> latin(count, text);
            default -> Optional.empty();
        };
    }

    private static boolean hasAny(LanguageCount count, UnicodeScript script) {
        return count.byScript().getOrDefault(script, 0) > 0;
    }

    private static String cyrillic(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int ukrainian = letters(lower, "іїєґ");
        int russian = letters(lower, "ыэё");
        if (ukrainian > russian) {
            return "uk";
        }
        return russian == 0 && letters(lower, "ъ") > 0 ? "bg" : "ru";
    }

    private static String arabic(String text) {
        if (letters(text, "ٹڈڑںے") > 0) {
            return "ur";
        }
        return letters(text, "پچژگکی") > letters(text, "ةيك") ? "fa" : "ar";
    }

    private static int letters(String text, String wanted) {
        return (int) text.chars().filter(c -> wanted.indexOf(c) >= 0).count();
    }

    private static Optional<String> devanagari(String text) {
        List<String> words = List.of(text.split("[\\s।,.!?]+"));
        @Nullable String best = null;
        long most = 0;
        for (String code : List.of("hi", "mr", "ne")) {
            Set<String> known = DEVANAGARI.getOrDefault(code, Set.of());
            long found = words.stream().filter(known::contains).count();
            if (found > most) {
                best = code;
                most = found;
            }
        }
        return Optional.ofNullable(best);
    }

    private static Optional<String> latin(LanguageCount count, String text) {
        Language language = count.language();
        long swahili = List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}']+")).stream()
                .filter(SWAHILI::contains)
                .count();
        if (swahili > 2 && swahili * 6 > count.words() && language != Language.ENGLISH) {
            return Optional.of("sw");
        }
        return language == null ? Optional.empty() : Optional.ofNullable(LATIN.get(language));
    }
}
