package dev.distill.eval.manner;

import dev.distill.data.curate.NoIdentityLeak;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether it says who it is or who made it ({@link NoIdentityLeak}), and whom it says it is. */
public record SelfNaming() implements Measure {
    /** Who it is where it claims to be a model and names none. */
    public static final String UNNAMED = "a model without a name";

    /** So much of an answer is read for a name. */
    private static final int START = 400;

    private static final Map<String, Pattern> MAKERS = makers();

    private static Map<String, Pattern> makers() {
        String[][] words = {
            {"DeepSeek", "deep ?seek|深度求索"},
            {"Qwen (Alibaba)", "qwen|qwq|tongyi|alibaba|通义|千问|阿里"},
            {"ChatGPT (OpenAI)", "chat ?gpt|gpt-?\\d|open ?ai"},
            {"Claude (Anthropic)", "claude|anthropic"},
            {"Gemini (Google)", "gemini|gemma|google|deepmind|谷歌"},
            {"Llama (Meta)", "llama|meta ai"},
            {"Mistral", "mistral|mixtral"},
            {"Kimi (Moonshot)", "kimi|moonshot|月之暗面"},
            {"GLM (Zhipu)", "glm|zhipu|智谱"},
            {"ERNIE (Baidu)", "ernie|baidu|文心|百度"},
            {"Doubao (ByteDance)", "doubao|bytedance|豆包|字节跳动"},
            {"Hunyuan (Tencent)", "hunyuan|tencent|混元|腾讯"},
            {"Grok (xAI)", "grok|xai"},
            {"Phi (Microsoft)", "phi-?\\d|copilot|microsoft|微软"},
            {"SmolLM (Hugging Face)", "smollm|hugging ?face"}
        };
        Map<String, Pattern> makers = new LinkedHashMap<>();
        for (String[] maker : words) {
            makers.put(
                    maker[0],
                    Pattern.compile("(?<![a-z])(?:" + maker[1] + ")", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
        }
        return makers;
    }

    @Override
    public String name() {
        return "self_naming";
    }

    @Override
    public String title() {
        return "says who it is";
    }

    @Override
    public Unit unit() {
        return Unit.SHARE;
    }

    @Override
    public Optional<Finding> of(Reply reply) {
        return Finding.of(reply.findings(new NoIdentityLeak()));
    }

    /** Whom a claim of identity names, else whom the answer's beginning does; empty where nothing is claimed. */
    public Optional<String> who(Reply reply) {
        Optional<Finding> claim = of(reply).filter(found -> found.value() == 1);
        return claim.map(found ->
                firstNamed(found.why()).or(() -> firstNamed(start(reply))).orElse(UNNAMED));
    }

    /**
     * The same for an answer to "who are you?", in whatever language: a maker who is named in the answer and not in the question
     * is a claim too.
     */
    Optional<String> whoWhenAsked(Reply reply) {
        String asked = reply.question().prompt().question();
        return who(reply)
                .or(() -> firstNamed(start(reply))
                        .filter(maker -> firstNamed(asked).filter(maker::equals).isEmpty()));
    }

    /** As {@link #who} writes the maker or model that this text names first; empty where it names none that is known. */
    public static Optional<String> known(String text) {
        return firstNamed(text);
    }

    private static String start(Reply reply) {
        String answer = reply.response().answer();
        return answer.substring(0, Math.min(START, answer.length()));
    }

    /** The maker whose name stands first. */
    private static Optional<String> firstNamed(String text) {
        int first = Integer.MAX_VALUE;
        String named = null;
        for (Map.Entry<String, Pattern> maker : MAKERS.entrySet()) {
            Matcher found = maker.getValue().matcher(text);
            if (found.find() && found.start() < first) {
                first = found.start();
                named = maker.getKey();
            }
        }
        return Optional.ofNullable(named);
    }
}
