package dev.distill.teacher.embedded.fault;

import dev.distill.teacher.embedded.problem.Draw;
import java.util.List;

/** The model says that it is somebody else's assistant, in its thoughts, before the answer or after it. */
final class Identities {
    private static final Phrases PHRASES = Phrases.load("identity.txt");

    private Identities() {}

    static Draft spoil(Draft honest, Draw draw) {
        String[] vendor = draw.pick(PHRASES.in("vendor")).split("\\|", -1);
        String reasoning = honest.reasoning();
        String answer = honest.answer();
        String kind = draw.pick("thought", "thought", "before", "after", "both");
        if (kind.equals("thought") || kind.equals("both")) {
            Lines lines = Lines.of(reasoning);
            String said = sentence("thought", vendor, draw);
            if (draw.chance(0.5)) {
                lines.insert(draw.below(lines.size()), said);
            } else {
                int i = draw.below(lines.size());
                lines.set(i, said + " " + lines.get(i));
            }
            reasoning = lines.text();
        }
        if (kind.equals("before")) {
            answer = sentence("before", vendor, draw) + draw.pick(" ", "\n", "\n\n") + answer;
        }
        if (kind.equals("after") || kind.equals("both")) {
            answer = answer + draw.pick(" ", "\n", "\n\n") + sentence("answer", vendor, draw);
        }
        return honest.spoilt(ContentFault.IDENTITY, kind, reasoning, answer);
    }

    private static String sentence(String section, String[] vendor, Draw draw) {
        List<String> sentences = PHRASES.in(section);
        return draw.pick(sentences).replace("{name}", vendor[0]).replace("{maker}", vendor[1]);
    }
}
