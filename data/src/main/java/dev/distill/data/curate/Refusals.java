package dev.distill.data.curate;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The words with which models refuse. */
final class Refusals {
    private static final String NOT_ABLE =
            "(?:can(?:no|')?t|can ?not|could ?n[o']t|am (?:not able|unable)(?: to)?|'m (?:not able|unable)(?: to)?"
                    + "|won'?t(?: be able to)?|will not(?: be able to)?|(?:'m|am) not going to|must decline(?: to)?|have to decline(?: to)?|(?:would|'d) (?:rather|prefer) not(?: to)?|(?:am|'m) not (?:allowed|permitted|comfortable|willing|prepared|authorized|programmed|designed)(?: to| with)?|do(?: not|n't) (?:feel comfortable|have the ability to))";

    /** What is denied: help, or the text that was asked for. */
    private static final String TO_HELP =
            "(?:help (?:you |with |out|anyone|someone)|help\\b[.!]|assist|comply|fulfil|engage|participate|support (?:this|that)|discuss|respond to|answer (?:this|that|your|such|any|the|questions)|(?:talk|speak|comment|opine|elaborate|weigh in) (?:about |on |further )?|recommend (?:any|a way)|accommodate|facilitate|go into (?:this|that|detail)|continue with|touch (?:on )?(?:this|that)"
                    + "|(?:provide|give|offer|share|supply|reproduce|generate|create|write|produce|compose|draft|describe|explain how|teach|outline|walk you|show you|tell you) (?:\\w+ ){0,4}?(?:help|assistance|advice|solution|answer|information|response|instructions?|guidance|guide|details?|content|steps?|recipes?|methods?|material|text|lyrics|diagnos\\w+|address(?:es)?|opinion|jokes?|story|stories|scene|code|through|how)"
                    + "|(?:do|complete|process|handle|take) (?:this|that|your|such|any))";

    /** Always a refusal. */
    static final Pattern CLEAR = pattern(
            "\\bi(?:'m| am)? ?(?:very |so |really |truly )?(?:sorry|afraid)[^.!?\\n]{0,30}\\bi\\s?" + NOT_ABLE,
            "\\b(?:sorry|apologies|i apologi[sz]e|unfortunately|regret(?:fully|tably)?)\\b[^.!?\\n]{0,60}\\bi\\s?"
                    + NOT_ABLE
                    + "\\s+(?:\\w+ )?(?:help|assist|answer|provide|comply|fulfil|complete|do|discuss|continue|respond|solve|give|share|generate|create|write|access|browse)",
            "\\bi\\s?" + NOT_ABLE + "\\s+(?:\\w+ly )?" + TO_HELP,
            "\\bas an? (?:ai|artificial intelligence|language model|large language model|ai assistant)\\b[^.!?\\n]{0,60}\\b"
                    + "(?:" + NOT_ABLE + "|do(?: not|n't) have (?:personal|access|the ability|opinions|feelings))",
            "(?:this|your|the|that) (?:request|question|prompt|task|topic|query) (?:violates|is against|goes against|is not allowed|is outside|falls outside|is beyond|conflicts with|is not something i)",
            "\\bi (?:must|have to|need to|will have to|am going to have to) (?:respectfully |politely |firmly )?(?:decline|refuse|refrain)\\b",
            "\\bi (?:respectfully |politely )?(?:decline|refuse) to (?:\\w+ )?(?:answer|provide|help|assist|write|comment|discuss|engage|generate|create|share|give)",
            "(?:that|this|it)(?:'s| is)? (?:not |n't )?(?:something|a topic|a request|content|one) (?:that )?i(?:'m| am)? ?(?:can(?:no|')?t|can not|won't|not able to|unable to|not going to|can help)",
            "(?:beyond|outside|not within) (?:of )?(?:my|the) (?:current )?(?:scope|capabilit(?:y|ies)|remit|abilities|ability)",
            "(?:against|violates?|contrary to|prohibited by|not permitted by|conflicts? with) (?:my|our|the) (?:programming|guidelines|polic(?:y|ies)|principles|values|ethical|content|usage|safety|terms)",
            "(?:my|our|the) (?:safety |content |ethical |usage )?(?:guidelines|polic(?:y|ies)|programming)[^.!?\\n]{0,30} (?:prevent|prohibit|forbid|(?:do(?:es)? not|don't|doesn't) (?:allow|permit))",
            "let(?:'s| us) (?:talk|chat|discuss|speak)(?: about)? (?:something else|another topic|a different topic|other topics)|(?:change|switch) the (?:topic|subject)\\b[^.!?\\n]{0,20}[.!?]?",
            "\\b(?:it|that|this) (?:is|would be|isn't|wouldn't be)(?: not)? (?:appropriate|ethical|right|responsible|inappropriate|unethical|irresponsible) (?:for me )?to (?:\\w+ )?(?:provide|answer|give|help|assist|share|discuss|create|write|generate)",
            "\\bi (?:do not|don't) (?:hold|have|take|express|share) (?:\\w+ ){0,2}(?:opinions?|views?|sides|stances?|positions?|preferences?)\\b",
            "\\bi(?:'m| am) (?:still learning|not sure) how to (?:answer|approach|respond|handle)|\\bi(?:'ll| will| must| have to) (?:have to )?(?:refrain|abstain|remain neutral|stay neutral)\\b",
            "\\bno comment\\b|\\bnot at liberty to\\b",
            "抱歉.{0,20}(?:无法|不能|没办法|不便|没法)|对不起.{0,20}(?:无法|不能|没办法|不便|没法)|(?:我|恕我|本人)(?:暂时|目前|还|实在|恕)?(?:无法|不能|不便|没法|难以|拒绝)(?:就|对|为|向|给)?[^。！？\\n]{0,12}(?:回答|提供|帮助|帮|协助|满足|完成这|讨论|评论|回应|谈论|透露|生成|撰写|写|处理)",
            "(?:这个|该|此|您的|你的|这类)(?:问题|话题|请求|内容)[^。！？\\n]{0,12}(?:无法(?:回答|提供|处理)|不能(?:回答|讨论)|不便(?:回答|讨论|评论)|不予(?:回答|评论)|超出|违反|违背)",
            "(?:换个|换一个|聊聊(?:别的|其他)|聊点(?:别的|其他)|谈点别的)(?:话题|内容|问题)?|没有学会(?:如何)?(?:思考|回答)|(?:不符合|违反|根据)(?:相关|有关|国家)?(?:法律法规|规定|政策)[^。！？\\n]{0,14}(?:无法|不能|不予|拒绝|不便)|无可奉告|超出了?我的(?:能力|知识|服务)?范围",
            "(?:範囲|能力)を超えて|別の話題(?:について|に)|(?:お答え|回答|コメント)(?:を|は)?(?:控え|差し控え|でき(?:ません|かね))|申し訳(?:ありません|ございません).{0,40}(?:できません|いたしかねます)|お(?:手伝い|答え)(?:することは)?できません",
            "죄송(?:합니다|하지만).{0,40}(?:없습니다|어렵습니다)",
            "lo siento[^.!?\\n]{0,40}no puedo|lamento[^.!?\\n]{0,40}no puedo|no puedo (?:ayudar|responder|proporcionar|cumplir)",
            "(?:je regrette|malheureusement|je suis au regret)[^.!?\\n]{0,30}je ne peux|je ne (?:peux|suis pas en mesure de?)[^.!?\\n]{0,12}(?:aider|répondre|fournir|envoyer|donner|écrire)|(?:lamentablemente|desafortunadamente)[^.!?\\n]{0,30}no (?:puedo|estoy)|non posso (?:aiutar|rispondere|fornire)|não posso (?:ajudar|responder|fornecer)",
            "(?:je suis )?désolée?[^.!?\\n]{0,40}je ne peux pas|je ne peux pas (?:vous |t')?(?:aider|répondre|fournir)",
            "(?:dabei|dazu|hierzu|damit|dies|das|darüber|hierbei|da) (?:kann|darf|werde|möchte|will) ich (?:ihnen |dir |leider )*(?:nicht|keine?n?)\\b|(?:darf|kann|werde|möchte) ich [^.!?\\n]{0,60}nicht (?:wiedergeben|beantworten|helfen|nennen|schreiben|erklären|bereitstellen|weitergeben)|ich (?:kann|darf|werde|möchte) (?:ihnen |dir |dazu |hierzu |leider )*keine (?:auskunft|informationen|hinweise|anleitung|angaben)",
            "(?:es )?tut mir leid[^.!?\\n]{0,40}(?:kann|darf) ich|ich kann (?:ihnen |dir )?(?:dabei |hierbei |damit )?(?:leider )?nicht"
                    + " (?:dabei |weiter)?(?:helfen|beantworten|antworten)",
            "(?:sinto muito|desculpe)[^.!?\\n]{0,40}não posso|mi dispiace[^.!?\\n]{0,40}non posso",
            "(?:извините|простите|к сожалению)[^.!?\\n]{0,40}(?:не могу|я не могу)");

    /** A refusal only where no answer is stated: honest working says so too. */
    static final Pattern DOUBTFUL = pattern(
            "\\bi\\s?" + NOT_ABLE
                    + "\\s+(?:\\w+ )?(?:answer|solve|determine|provide|give|help|do this|do that|complete|compute|calculate|access|see|view|open|browse|verify|check|write|share|tell|describe|create|generate|make|send|draw|show|recommend|speculate|judge|endorse|reproduce|translate|remember|recall)\\b");

    /** What reasoning says that makes up its mind to refuse. */
    static final Pattern PLANNED = pattern(
            "\\b(?:i|we)(?:'ll| will| should| must| need to| have to| ought to|'d better)? (?:\\w+ly )?(?:refuse|decline|not (?:help|comply|provide|answer|engage)|avoid (?:answering|discussing|providing))\\b",
            "(?:我|应该|应当|需要|必须)[^。！？\\n]{0,8}(?:拒绝|回避|避免(?:回答|讨论))");

    /** An answer to such reasoning has one of these at its start. */
    static final Pattern WEAK = pattern(
            "\\b(?:can't|cannot|can not|won't|not able|unable|sorry|instead|rather than|happy to help with|glad to|alternative|reach out|not something|different|other questions?)\\b|不|其他|抱歉|别的");

    /** A refusal has one of these, in lower case; looking for strings first is many times faster. */
    private static final List<String> WORDS = List.of(
            "sorry",
            "afraid",
            "apolog",
            "unfortunately",
            "regret",
            "can't",
            "cant",
            "cannot",
            "can not",
            "could not",
            "couldn't",
            "unable",
            "not able",
            "won't",
            "wont ",
            "will not",
            "not going to",
            "rather not",
            "prefer not",
            "comfortable",
            "ability",
            "decline",
            "refuse",
            "refrain",
            "not allowed",
            "not permitted",
            "something i",
            "violate",
            "against",
            "contrary",
            "conflict",
            "prohibit",
            "outside",
            "beyond",
            "scope",
            "guideline",
            "polic",
            "programm",
            "designed to",
            "something else",
            "topic",
            "subject",
            "appropriate",
            "ethical",
            "responsible",
            "comment",
            "liberty",
            "as an ai",
            "language model",
            "无法",
            "不能",
            "没办法",
            "不便",
            "没法",
            "难以",
            "拒绝",
            "话题",
            "聊",
            "换",
            "没有学会",
            "法律法规",
            "规定",
            "无可奉告",
            "超出",
            "违反",
            "违背",
            "できません",
            "いたしかねます",
            "죄송",
            "no puedo",
            "ne peux",
            "suis pas",
            "kann",
            "darf",
            "möchte",
            "lamentablemente",
            "desafortunadamente",
            "opinion",
            "stance",
            "neutral",
            " views",
            " sides",
            "learning",
            "not sure",
            "超えて",
            "話題",
            "控え",
            "leid",
            "nicht",
            "não posso",
            "non posso",
            "не могу");

    private Refusals() {}

    static boolean hasWord(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        for (String word : WORDS) {
            if (lower.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static Pattern pattern(String... phrases) {
        return Pattern.compile(String.join("|", phrases), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }
}
