package dev.distill.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.trace.Hash;
import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.data.trace.Trace;
import dev.distill.pipeline.RewritePart.How;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a question is given to the teacher to be written anew, and what is taken out of its reply. */
final class Rewriting {
    private static final String QUESTION = "{question}";
    private static final Pattern TAGGED = Pattern.compile("(?s)<question>(.*?)</question>");
    private static final Pattern NUMBER = Pattern.compile("\\d+(?:[.,]\\d+)*");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final How how;
    private final String template;
    private final String hash;

    private Rewriting(How how, String template) {
        this.how = how;
        this.template = template;
        this.hash = Hash.of(List.of(template));
    }

    static Rewriting of(RewritePart part) throws IOException {
        Path file = part.template();
        String name = part.how().name().toLowerCase(Locale.ROOT) + ".txt";
        String template = file == null ? resource(name) : Files.readString(file);
        if (!template.contains(QUESTION) || !template.contains("<question>")) {
            throw new RecipeException(
                    "recipe",
                    List.of("rewrite.template: must contain {question}, and ask for the new question between <question>"
                            + " and </question>; " + file + " does not"));
        }
        return new Rewriting(part.how(), template.strip());
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Rewriting.class.getResourceAsStream("rewrite/" + name)) {
            if (in == null) {
                throw new IOException("no resource rewrite/" + name + " in this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Names the words that ask. */
    String hash() {
        return hash;
    }

    /** What the teacher is asked for this prompt. */
    Prompt ask(Prompt prompt) {
        return Prompt.of(List.of(Message.user(template.replace(QUESTION, prompt.question()))), null, prompt.source());
    }

    /** What became of a reply: a line of the file of prompts, or the reason why there is none. */
    sealed interface Rewritten {
        record Line(String json, boolean hasReference) implements Rewritten {}

        record None(String reason) implements Rewritten {}
    }

    /** The new prompt in a reply. @param source the prompt that it was made of */
    Rewritten read(Prompt source, Trace reply) {
        Optional<String> found = TAGGED.matcher(reply.answer())
                .results()
                .map(match -> match.group(1).strip())
                .reduce((first, last) -> last)
                .filter(question -> !question.isEmpty());
        if (found.isEmpty()) {
            return new Rewritten.None("unreadable");
        }
        String question = found.get();
        if (plain(question).equals(plain(source.question()))) {
            return new Rewritten.None("unchanged");
        }
        if (how == How.PARAPHRASE && !numbers(question).equals(numbers(source.question()))) {
            return new Rewritten.None("other_numbers");
        }
        return new Rewritten.Line(line(source, question, reply), how.lost() == null && source.reference() != null);
    }

    private String line(Prompt source, String question, Trace reply) {
        ObjectNode line = JSON.createObjectNode();
        if (source.messages().size() == 1) {
            line.put("prompt", question);
        } else {
            var messages = line.putArray("messages");
            List<Message> before =
                    source.messages().subList(0, source.messages().size() - 1);
            for (Message message : before) {
                messages.addObject().put("role", message.role().word()).put("content", message.content());
            }
            messages.addObject().put("role", "user").put("content", question);
        }
        @Nullable String lost = how.lost();
        line.put("reference", lost == null ? source.reference() : null);
        if (lost != null) {
            line.put("no_reference", lost);
        }
        line.putObject("provenance")
                .put("rewrite", how.name().toLowerCase(Locale.ROOT))
                .put("source_prompt", source.id())
                .put("source", source.source())
                .put("teacher", reply.teacher())
                .put("template", hash)
                .put("unit", reply.id());
        return line.toString();
    }

    private static String plain(String question) {
        return question.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    /** The numbers of a question, whatever their order: other ones make another question, with another answer. */
    private static List<String> numbers(String question) {
        List<String> numbers = new ArrayList<>(
                NUMBER.matcher(question).results().map(MatchResult::group).toList());
        numbers.sort(null);
        return numbers;
    }
}
