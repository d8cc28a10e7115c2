package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Part of the text is in another language: single words, a sentence, several, the whole rest, or the answer. */
final class Languages {
    private static final List<String> NAMES = List.of(
            "chinese",
            "russian",
            "german",
            "spanish",
            "french",
            "japanese",
            "korean",
            "arabic",
            "hindi",
            "portuguese",
            "italian",
            "turkish",
            "polish",
            "vietnamese",
            "dutch",
            "greek");
    private static final Map<String, Phrases> LANGUAGES = NAMES.stream()
            .collect(Collectors.toUnmodifiableMap(
                    Function.identity(), name -> Phrases.load("language/" + name + ".txt")));

    private Languages() {}

    static Draft spoil(Draft honest, Draw draw) {
        // Chinese is what reasoning models drift into most.
        String name = draw.chance(0.25) ? NAMES.getFirst() : draw.pick(NAMES);
        Phrases language = LANGUAGES.get(name);
        if (language == null) {
            throw new IllegalStateException("language " + name + " was not loaded");
        }
        return switch (draw.below(5)) {
            case 0 -> spoilt(honest, name + "/words", words(honest.reasoning(), language, draw), honest.answer());
            case 1 -> spoilt(honest, name + "/sentence", sentences(honest, 1, language, draw), honest.answer());
            case 2 ->
                spoilt(
                        honest,
                        name + "/sentences",
                        sentences(honest, draw.between(2, 6), language, draw),
                        honest.answer());
            case 3 ->
                spoilt(
                        honest,
                        name + "/rest",
                        rest(honest.reasoning(), language, draw),
                        answer(honest, language, draw));
            default -> spoilt(honest, name + "/answer", honest.reasoning(), answer(honest, language, draw));
        };
    }

    private static Draft spoilt(Draft honest, String kind, String reasoning, String answer) {
        return honest.spoilt(ContentFault.MIXED_LANGUAGE, kind, reasoning, answer);
    }

    /** Some of the small words are replaced; where none of them occurs, a phrase of the language is put in front. */
    private static String words(String reasoning, Phrases language, Draw draw) {
        String text = reasoning;
        for (String pair : language.in("word")) {
            String[] halves = pair.split("=", 2);
            Matcher matcher = Pattern.compile("\\b" + halves[0] + "\\b", Pattern.CASE_INSENSITIVE)
                    .matcher(text);
            text = matcher.replaceAll(found -> Matcher.quoteReplacement(draw.chance(0.7) ? halves[1] : found.group()));
        }
        return text.equals(reasoning) ? language.in("sentence").getFirst() + " " + text : text;
    }

    private static String sentences(Draft honest, int count, Phrases language, Draw draw) {
        Lines lines = Lines.of(honest.reasoning());
        for (int i = 0; i < count; i++) {
            int at = draw.below(lines.size());
            String said = sentence(honest.reasoning(), language, draw);
            if (draw.chance(0.6)) {
                lines.insert(at, said);
            } else {
                lines.set(at, draw.chance(0.5) ? said + " " + lines.get(at) : lines.get(at) + " " + said);
            }
        }
        return lines.text();
    }

    /** From some line on, the digits stay and the words are foreign. */
    private static String rest(String reasoning, Phrases language, Draw draw) {
        Lines lines = Lines.of(reasoning);
        for (int i = draw.below(Math.max(1, lines.size() - 1)); i < lines.size(); i++) {
            String digits = lines.get(i).replaceAll("[A-Za-z]{2,}:?", "").strip();
            lines.set(i, sentence(reasoning, language, draw) + (digits.isEmpty() ? "" : " " + digits));
        }
        return lines.text();
    }

    private static String sentence(String reasoning, Phrases language, Draw draw) {
        return draw.pick(language.in("sentence")).replace("{n}", Lines.someNumber(reasoning, draw));
    }

    private static String answer(Draft honest, Phrases language, Draw draw) {
        return draw.pick(language.in("answer")).replace("{box}", Lines.box(honest.answer()));
    }
}
