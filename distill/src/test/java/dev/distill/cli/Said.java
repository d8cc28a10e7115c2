package dev.distill.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

/** What one command said and ended with, run in this process. */
record Said(int code, String out, String err) {
    static Said by(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] args = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            args[i] = words[i].toString();
        }
        int code = Main.execute(Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)), args);
        return new Said(code, out.toString(), err.toString());
    }

    /** All of stdout as the one object that {@code --json} promises. */
    JsonNode json() throws IOException {
        return new ObjectMapper()
                .readerFor(JsonNode.class)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(out);
    }
}
