package dev.distill.data.curate;

import dev.distill.data.answer.AnswerExtractor;
import dev.distill.data.answer.Extracted.Source;
import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Drops replies that refuse the task: at the start of the answer, or as the start of the reasoning. Clear words ("I'm
 * sorry, but I can't help with that") always count; words that honest working uses too ("I cannot determine ...") count
 * only where no answer is stated. A step such as "I cannot divide 7 by 2 evenly" is none.
 */
public record NoRefusal() implements TraceFilter {
    public static final String NAME = "refusal";

    /** How much of the start of a text is looked at, in characters. */
    private static final int START = 300;

    private static final String NOT_ABLE =
            "(?:can(?:no|')?t|can ?not|am (?:not able|unable)(?: to)?|'m (?:not able|unable)(?: to)?"
                    + "|won'?t(?: be able to)?|will not(?: be able to)?|must decline(?: to)?|have to decline(?: to)?|(?:am|'m) not (?:allowed|permitted|comfortable)(?: to| with)?)";

    private static final Pattern CLEAR = pattern(
            "\\bi(?:'m| am)? ?(?:very |so |really )?(?:sorry|afraid)[^.!?\\n]{0,30}\\bi\\s?" + NOT_ABLE,
            "\\b(?:sorry|apologies|i apologi[sz]e|unfortunately)\\b[^.!?\\n]{0,40}\\bi\\s?" + NOT_ABLE
                    + "\\s+(?:\\w+ )?(?:help|assist|answer|provide|comply|fulfil|complete|do|discuss|continue|respond|solve|give)",
            "\\bi\\s?" + NOT_ABLE
                    + "\\s+(?:\\w+ )?(?:help (?:you |with |out)|assist|comply|fulfil|engage|support (?:this|that)|discuss|respond to|"
                    + "(?:provide|give|offer|share) (?:\\w+ ){0,2}(?:help|assistance|advice|solution|answer|information|response)"
                    + "|(?:answer|do|complete|process|handle|take) (?:this|that|your|such|any))",
            "\\bas an? (?:ai|artificial intelligence|language model|large language model|ai assistant)\\b[^.!?\\n]{0,60}\\b"
                    + NOT_ABLE,
            "(?:this|your|the) (?:request|question|prompt|task) (?:violates|is against|goes against|is not allowed|is outside)",
            "\\bi (?:must|have to|need to) (?:respectfully |politely )?(?:decline|refuse)\\b",
            "抱歉.{0,12}(?:无法|不能|没办法)|对不起.{0,12}(?:无法|不能|没办法)|我(?:无法|不能)(?:回答|提供|帮助|协助|满足|完成这)",
            "申し訳(?:ありません|ございません).{0,40}(?:できません|いたしかねます)|お(?:手伝い|答え)(?:することは)?できません",
            "죄송(?:합니다|하지만).{0,40}(?:없습니다|어렵습니다)",
            "lo siento[^.!?\\n]{0,40}no puedo|lamento[^.!?\\n]{0,40}no puedo|no puedo (?:ayudar|responder|proporcionar|cumplir)",
            "(?:je suis )?désolée?[^.!?\\n]{0,40}je ne peux pas|je ne peux pas (?:vous |t')?(?:aider|répondre|fournir)",
            "(?:es )?tut mir leid[^.!?\\n]{0,40}(?:kann|darf) ich|ich kann (?:ihnen |dir )?(?:dabei |hierbei |damit )?(?:leider )?nicht"
                    + " (?:dabei |weiter)?(?:helfen|beantworten|antworten)",
            "(?:sinto muito|desculpe)[^.!?\\n]{0,40}não posso|mi dispiace[^.!?\\n]{0,40}non posso",
            "(?:извините|простите|к сожалению)[^.!?\\n]{0,40}(?:не могу|я не могу)");

    private static final Pattern DOUBTFUL = pattern(
            "\\bi\\s?" + NOT_ABLE
                    + "\\s+(?:\\w+ )?(?:answer|solve|determine|provide|give|help|do this|do that|complete|compute|calculate)\\b");

    private static final AnswerExtractor STATED =
            AnswerExtractor.of(EnumSet.of(Source.BOXED, Source.STATED, Source.NUMBER));

    /** A refusal has one of these, in lower case; looking for strings first is many times faster. */
    private static final List<String> WORDS = List.of(
            "sorry",
            "afraid",
            "apolog",
            "unfortunately",
            "can't",
            "cant",
            "cannot",
            "can not",
            "unable",
            "not able",
            "won't",
            "wont ",
            "will not",
            "decline",
            "refuse",
            "not allowed",
            "not permitted",
            "not comfortable",
            "violates",
            "against",
            "is outside",
            "无法",
            "不能",
            "没办法",
            "できません",
            "いたしかねます",
            "죄송",
            "no puedo",
            "ne peux pas",
            "leid",
            "nicht",
            "não posso",
            "non posso",
            "не могу");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        String answer = start(trace.answer());
        if (hasWord(answer)) {
            Matcher clear = CLEAR.matcher(answer);
            if (clear.find()) {
                return Verdict.fail(NAME, "answer: " + clear.group());
            }
            Matcher doubtful = DOUBTFUL.matcher(answer);
            if (doubtful.find() && STATED.extract(trace.answer()).isEmpty()) {
                return Verdict.fail(NAME, "answer without a result: " + doubtful.group());
            }
        }
        String reasoning = start(trace.reasoning() == null ? "" : trace.reasoning());
        Matcher clear = CLEAR.matcher(reasoning);
        return hasWord(reasoning) && clear.find()
                ? Verdict.fail(NAME, "reasoning: " + clear.group())
                : Verdict.pass(NAME, "no refusal");
    }

    private static boolean hasWord(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(lower::contains);
    }

    private static String start(String text) {
        String straight = text.strip().replace('’', '\'');
        return straight.length() <= START ? straight : straight.substring(0, START);
    }

    private static Pattern pattern(String... phrases) {
        return Pattern.compile(String.join("|", phrases), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
