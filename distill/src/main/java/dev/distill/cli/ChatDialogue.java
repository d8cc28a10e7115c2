package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.data.template.RenderException;
import dev.distill.data.template.jinja.TemplateException;
import dev.distill.respond.Chat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The lines of a conversation: what is typed, what is answered, and what came of it all. */
final class ChatDialogue {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Chat chat;
    private final String model;
    private final Console console;
    private final ArrayNode turns = JSON.createArrayNode();
    private long tokens;
    private long nanos;

    ChatDialogue(Chat chat, String model, Console console) {
        this.chat = chat;
        this.model = model;
        this.console = console;
    }

    /** Answers line after line, until there are no more or one says so. */
    void talk(Reader input) throws IOException {
        if (console.isDialogue()) {
            console.info(model + "; /reset, /system TEXT, /exit or Ctrl-D; Ctrl-C stops an answer");
        }
        BufferedReader lines = new BufferedReader(input);
        try (AnswerInterrupt interrupt = new AnswerInterrupt(console)) {
            String line = next(lines);
            while (line != null && !line.strip().equals("/exit")) {
                if (!line.isBlank()) {
                    take(line, interrupt);
                }
                line = next(lines);
            }
            if (line == null && console.isDialogue()) {
                console.print(""); // Ctrl-D leaves the cursor behind the prompt
            }
        }
    }

    /** All turns so far, and what they took. */
    ObjectNode result() {
        double seconds = nanos / 1e9;
        ObjectNode result = JSON.createObjectNode().put("model", model);
        result.set("turns", turns);
        return result.put("tokens", tokens)
                .put("seconds", seconds)
                .put("tokens_per_s", nanos == 0 ? 0 : tokens / seconds);
    }

    private @Nullable String next(BufferedReader lines) throws IOException {
        if (console.isDialogue()) {
            console.stream("> ", false);
        }
        return lines.readLine();
    }

    /** What is wrong with one line need not end the conversation, where somebody can type another. */
    private void take(String line, AnswerInterrupt interrupt) {
        try {
            if (line.startsWith("/")) {
                obey(line.strip());
            } else {
                say(line.strip(), interrupt);
            }
        } catch (IllegalArgumentException | TemplateException | RenderException e) {
            if (!console.isDialogue()) {
                throw e;
            }
            console.warn(String.valueOf(e.getMessage()));
        } finally {
            interrupt.end();
        }
    }

    private void obey(String line) {
        String[] words = line.split("\\s+", 2);
        switch (words[0]) {
            case "/reset" -> chat.reset();
            case "/system" -> chat.system(words.length > 1 ? words[1] : "");
            default ->
                throw new IllegalArgumentException("chat: a line that begins with / must be /reset, /system TEXT or"
                        + " /exit; got " + words[0] + ". A message may begin with a space");
        }
    }

    private void say(String message, AnswerInterrupt interrupt) {
        ReplyPrinter printer = new ReplyPrinter(console);
        boolean streaming = console.isLive();
        long begin = System.nanoTime();
        Chat.Turn turn = chat.say(message, interrupt.begin(), piece -> {
            if (streaming) {
                printer.print(piece);
            }
        });
        nanos += System.nanoTime() - begin;
        tokens += turn.reply().newTokens();
        if (streaming) {
            printer.end();
        } else {
            console.print(ReplyPrinter.plain(turn.reply()));
        }
        console.detail(turn.promptTokens() + " tokens before the answer, " + turn.cachedTokens() + " of them kept");
        turns.addObject()
                .put("message", message)
                .put(
                        "reasoning",
                        turn.reply().reasoning().isEmpty() ? null : turn.reply().reasoning())
                .put("answer", turn.reply().answer())
                .put("finish_reason", turn.reply().finish().word())
                .put("tokens", turn.reply().newTokens())
                .put("prompt_tokens", turn.promptTokens())
                .put("cached_tokens", turn.cachedTokens());
    }
}
