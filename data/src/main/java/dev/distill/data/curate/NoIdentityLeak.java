package dev.distill.data.curate;

import dev.distill.data.trace.Trace;
import dev.distill.data.trace.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Drops replies in which the teacher says who it is: a claim, in the first person, to be some model or to be made by some
 * company. A student would learn to say it of itself. A person in a word problem who is called Claude is no leak.
 */
public record NoIdentityLeak() implements TraceFilter {
    public static final String NAME = "identity";

    /** Names of models and of the companies that make them; a claim to be one of these is a leak by itself. */
    private static final String VENDOR =
            "(?:chat ?gpt|gpt[- ]?\\d\\S{0,8}|open ?ai|anthropic|claude|deep ?seek\\S{0,8}|gemini|gemma|bard|google"
                    + "|deepmind|llama\\S{0,6}|meta ai|meta|mi[sx]tral\\S{0,6}|qwen\\S{0,6}|qwq|tongyi\\S{0,8}|alibaba(?: cloud)?|ernie(?: bot)?|baidu"
                    + "|kimi|moonshot(?: ai)?|chatglm\\S{0,6}|glm\\S{0,6}|zhipu\\S{0,4}|minimax|doubao|bytedance|hunyuan|tencent|grok|xai|microsoft"
                    + "|copilot|phi-\\d\\S{0,6}|cohere|command r\\S{0,2}|nvidia|nemotron|amazon|granite|ibm|apple|falcon|olmo"
                    + "|通义千问|千问|文心一言|文心|豆包|讯飞星火|智谱清言|混元|深度求索|阿里云|阿里巴巴|百度|字节跳动|腾讯|月之暗面|智谱)";

    private static final String MODEL =
            "(?:(?:large |small )?language model|(?:ai|artificial intelligence|virtual|digital) (?:language )?"
                    + "(?:assistant|model|system|chatbot)|chat ?bot|llm|ai\\b|assistant (?:made|created|built|developed|trained))";

    private static final String MADE =
            "(?:made|created|built|developed|trained|designed|fine-?tuned|produced|released|operated)";

    private static final Pattern LEAK = Pattern.compile(
            String.join(
                    "|",
                    // I am ChatGPT; I'm DeepSeek-R1; my name is Claude, an AI
                    "\\b(?:i am|i'm|im|you are (?:talking|chatting|speaking) (?:to|with)) (?:actually |really |just |called |named |still )?"
                            + "(?:an? |the )?" + VENDOR + "\\b(?! (?:and|has|have|had|who|is|was|'s)\\b)",
                    "\\bmy name is " + VENDOR + "\\b",
                    // I am a large language model ...; as an AI assistant ...
                    "\\b(?:i am|i'm|im|being)\\s+(?:\\w+,? ){0,2}(?:an? |the |your )(?:\\w+[ -]){0,3}" + MODEL,
                    "\\bas an? (?:\\w+[ -]){0,2}" + MODEL,
                    // I was trained by ...; I, Nova, made by ... ; my creators at ...
                    "\\bi(?: was|'ve been| have been|(?:'m| am) (?-i:[A-Z]\\w+),?(?: was| which was)?)(?: \\w+){0,2} "
                            + MADE
                            + " (?:and \\w+ )?(?:by|at) (?:the |a |an )?(?:team|company|engineers|researchers|people|folks|"
                            + VENDOR
                            + "|(?-i:[A-Z]\\w+))",
                    "\\bmy (?:creators?|developers?|makers?|training data|knowledge cut-?off|training (?:cut-?off|by))\\b",
                    "\\b(?:creators?|developers?|makers?) (?:at|is|are) " + VENDOR,
                    "\\b(?:assistant|model|chatbot)[^.!?\\n]{0,30}\\b" + MADE + " by " + VENDOR,
                    // other languages
                    "我(?:是|叫|乃)[^。！？\\n]{0,20}(?:" + VENDOR + "|语言模型|大模型|人工智能|AI助手|智能助手|助手)",
                    "(?:作为|身为)(?:一个|一名|一款)?[^。！？\\n]{0,10}(?:语言模型|大模型|人工智能|AI|智能助手)",
                    "我[^。！？\\n]{0,12}由[^。！？\\n]{1,20}(?:开发|训练|创造|研发|打造|推出)",
                    "(?:私|わたし|僕)は[^。！？\\n]{0,30}(?:言語モデル|AIアシスタント|人工知能|によって(?:開発|訓練|作成)|が開発)",
                    "(?:저는|나는)[^.!?\\n]{0,30}(?:언어 ?모델|인공지능|AI|어시스턴트)",
                    "\\bsoy (?:un[ao]? )?(?:gran )?(?:modelo de (?:lenguaje|ia)|asistente (?:virtual|de ia)|inteligencia artificial|ia\\b|"
                            + VENDOR + ")",
                    "\\b(?:fui|he sido) (?:cread[oa]|entrenad[oa]|desarrollad[oa]) por\\b",
                    "\\bje suis (?:une? )?(?:grand )?(?:modèle (?:de langage|linguistique)|assistante? (?:virtuelle?|ia|d'ia)|intelligence artificielle|ia\\b|"
                            + VENDOR + ")",
                    "\\bj'ai été (?:créée?|entraînée?|développée?|conçue?) par\\b",
                    "\\bich bin (?:eine? )?(?:großes )?(?:sprachmodell|ki\\b|ki-\\w+|künstliche intelligenz|virtueller assistent|"
                            + VENDOR + ")",
                    "\\bich wurde (?:von|durch) [^.!?\\n]{1,40}(?:entwickelt|trainiert|erschaffen|erstellt)",
                    "\\bsou (?:um |uma )?(?:grande )?(?:modelo de linguagem|assistente (?:virtual|de ia)|inteligência artificial|ia\\b|"
                            + VENDOR + ")",
                    "\\b(?:fui|foi) (?:criad[oa]|treinad[oa]|desenvolvid[oa]) (?:por|pela|pelo)\\b",
                    "\\bsono (?:un |una |un')?(?:grande )?(?:modello (?:linguistico|di linguaggio)|assistente (?:virtuale|ia)|intelligenza artificiale|"
                            + VENDOR + ")",
                    "я[ ,—–-]{1,4}(?:это )?(?:большая )?(?:языковая модель|искусственный интеллект|ии\\b|чат-?бот|нейросеть|"
                            + VENDOR + ")",
                    "меня (?:создал|разработал|обучил)\\p{L}*"),
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** A leak is looked for only around these, in lower case: scanning for strings is a hundred times faster. */
    private static final List<String> TRIGGERS = List.of(
            "i am ",
            "i'm ",
            "im ",
            "being a",
            "my name is",
            "as a ",
            "as an ",
            "i was ",
            "i've been ",
            "i have been ",
            "my creator",
            "my developer",
            "my maker",
            "my training",
            "my knowledge",
            "creators ",
            "developers ",
            "you are talking",
            "you are chatting",
            "you are speaking",
            "assistant",
            "model ",
            "chatbot",
            "我",
            "作为",
            "身为",
            "私は",
            "わたしは",
            "僕は",
            "저는",
            "나는",
            "soy ",
            "fui ",
            "he sido ",
            "je suis ",
            "j'ai été ",
            "ich bin ",
            "ich wurde ",
            "sou ",
            "foi ",
            "sono ",
            "я ",
            "я,",
            "я-",
            "меня ");

    /** Characters after a trigger in which a claim must stand. */
    private static final int REACH = 160;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict check(Trace trace) {
        String answer = leak(trace.answer());
        if (answer != null) {
            return Verdict.fail(NAME, "answer: " + answer);
        }
        String reasoning = leak(trace.reasoning() == null ? "" : trace.reasoning());
        return reasoning != null ? Verdict.fail(NAME, "reasoning: " + reasoning) : Verdict.pass(NAME, "no claim");
    }

    private static @Nullable String leak(String text) {
        String straight = text.replace('’', '\'');
        String lower = straight.toLowerCase(Locale.ROOT);
        Matcher leak = LEAK.matcher(straight).useTransparentBounds(true);
        for (String trigger : TRIGGERS) {
            int from = 0;
            for (int at = lower.indexOf(trigger); at >= 0; at = lower.indexOf(trigger, from)) {
                leak.region(Math.min(at, straight.length()), Math.min(straight.length(), at + REACH));
                if (leak.lookingAt()) {
                    return leak.group();
                }
                from = at + trigger.length();
            }
        }
        return null;
    }
}
