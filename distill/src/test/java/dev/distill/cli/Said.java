package dev.distill.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What one command said and ended with. */
record Said(int code, String out, String err) {
    /** A command of this program, run in this process. */
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

    /** The same, with this on stdin. */
    static Said byInput(String input, Object... words) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return by(words);
        } finally {
            System.setIn(before);
        }
    }

    /**
     * Any program, run as a process of its own.
     *
     * @param folder where {@code NAME.out} and {@code NAME.err} go, to look at while it runs
     */
    static Said byProcess(ProcessBuilder program, Path folder, String name) throws IOException, InterruptedException {
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        program.redirectOutput(out.toFile()).redirectError(err.toFile());
        try (ChildProcess child = ChildProcess.start(program)) {
            int code = child.process().waitFor();
            return new Said(code, Files.readString(out), Files.readString(err));
        }
    }

    /** All of stdout as the one object that {@code --json} promises. */
    JsonNode json() throws IOException {
        return new ObjectMapper()
                .readerFor(JsonNode.class)
                .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(out);
    }
}
