package dev.distill.serve;

import dev.distill.respond.Student;
import dev.distill.respond.TinyStudent;
import dev.distill.student.generate.Sampling;
import dev.distill.student.ops.Ops;
import dev.distill.student.ops.cpu.CpuOps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A lane of a tiny model, stepped by the test itself, and jobs whose replies it keeps. */
final class TestLane implements AutoCloseable {
    static final Sampling WARM = new Sampling(1.2, 0, 1);

    final Ops ops = new CpuOps(1);
    final Student student;
    final Metrics metrics = new Metrics();
    final Lane lane;
    private long seed;

    TestLane(Path folder, int slots, long cacheBytes) throws IOException {
        student = Student.open(TinyStudent.writeReasoning(folder.resolve("tiny"), 5), null, ops);
        Batching batching = new Batching(slots, 400, 0, 200, 64, cacheBytes);
        lane = new Lane(new ServedModel("tiny", student), batching, cacheBytes, metrics);
    }

    /** What became of a job. */
    static class Heard implements ReplySink {
        final List<StringBuilder> texts = new ArrayList<>();
        final List<Integer> scored = new ArrayList<>();
        final Map<Integer, String> finishes = new HashMap<>();
        final List<Said.Token> tokens = new ArrayList<>();
        boolean full;
        boolean cutOff;
        boolean complete;
        String failed = "";
        int pieces;

        Heard(int rows) {
            for (int row = 0; row < rows; row++) {
                texts.add(new StringBuilder());
            }
        }

        @Override
        public void scored(int prompt, List<Said.Token> told) {
            scored.add(prompt);
        }

        @Override
        public boolean said(int row, Said said) {
            texts.get(row).append(said.answer());
            tokens.addAll(said.answerTokens());
            pieces++;
            return true;
        }

        @Override
        public void ended(int row, Said.End end) {
            finishes.put(row, end.finish());
        }

        @Override
        public void complete(Usage usage) {
            complete = true;
        }

        @Override
        public void failed(ApiError why) {
            failed = why.getMessage();
        }

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public void cutOff() {
            cutOff = true;
        }

        String text(int row) {
            return texts.get(row).toString();
        }
    }

    /** What is asked for. */
    Order order(List<String> prompts, int n, int tokens, Order.Told told, List<String> stops) {
        List<Order.Prompt> read = prompts.stream()
                .map(text -> new Order.Prompt(student.encode(text), text, null, text, 0))
                .toList();
        return new Order(lane, read, new Order.Common(n, WARM, seed, stops, true, false), tokens, told);
    }

    /** From now on one whose first answer to this prompt has no end before so many tokens. */
    void seedOfALongAnswer(String prompt, int tokens) {
        Heard heard;
        do {
            seed++;
            heard = ask("search", order(prompt, 1, tokens));
            stepToTheEnd();
        } while (!heard.finishes.containsValue("length") || heard.text(0).length() < tokens / 2);
    }

    Order order(String prompt, int n, int tokens) {
        return order(List.of(prompt), n, tokens, Order.Told.NOTHING, List.of());
    }

    Job offer(String client, Order order, ReplySink sink) {
        Job job = new Job(order, client, sink, metrics, System.nanoTime());
        if (!lane.offer(job)) {
            throw new AssertionError("the queue is full");
        }
        return job;
    }

    /** A job of its own of which the reply is kept. */
    Heard ask(String client, Order order) {
        Heard heard = new Heard(order.rows());
        offer(client, order, heard);
        return heard;
    }

    void stepToTheEnd() {
        while (lane.step()) {
            // a token each
        }
    }

    /** What a prompt's first answer is where nothing else is asked. */
    String alone(String prompt, int tokens) {
        Heard heard = ask("alone", order(prompt, 1, tokens));
        stepToTheEnd();
        return heard.text(0);
    }

    @Override
    public void close() {
        lane.close();
        student.close();
        ops.close();
    }
}
