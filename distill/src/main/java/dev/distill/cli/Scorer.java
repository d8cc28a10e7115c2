package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Scores one text at a time. */
final class Scorer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Decoder model;
    private final int topK;

    /** @param topK likeliest tokens to tell at each place; 0 for none */
    Scorer(Decoder model, int topK) {
        this.model = model;
        this.topK = topK;
    }

    /** The line of the output, as {@code distill score --help} describes it. */
    ObjectNode score(ScoreInput input) {
        int[] ids = input.ids();
        ObjectNode line = JSON.createObjectNode();
        ArrayNode idsOut = line.putArray("ids");
        for (int id : ids) {
            idsOut.add(id);
        }
        ArrayNode logprobs = line.putArray("logprobs");
        double sum = 0;
        if (ids.length > 1) {
            PackedRow row = PackedRow.nextToken(ids);
            float[] values = model.logProbabilities(row);
            for (int n = 0; n + 1 < ids.length; n++) {
                logprobs.add(values[n]);
                sum += n + 1 >= input.from() ? values[n] : 0;
            }
            if (topK > 0) {
                addTop(line, row);
            }
        }
        return line.put("sum", sum).put("count", Math.max(0, ids.length - input.from()));
    }

    private void addTop(ObjectNode line, PackedRow row) {
        ArrayNode topIds = line.putArray("top_ids");
        ArrayNode topLogprobs = line.putArray("top_logprobs");
        int last = row.ids_N().length - 1;
        model.forEachLogits(row, (n, logits_V) -> {
            if (n < last) {
                top(logits_V.toArray(), topIds.addArray(), topLogprobs.addArray());
            }
        });
    }

    /** The likeliest first; of equals the smaller id. */
    private void top(float[] logits_V, ArrayNode ids, ArrayNode logprobs) {
        Comparator<Integer> byLogit = Comparator.comparingDouble(id -> logits_V[id]);
        Comparator<Integer> worstFirst = byLogit.thenComparing(Comparator.reverseOrder());
        PriorityQueue<Integer> best = new PriorityQueue<>(worstFirst);
        double largest = Double.NEGATIVE_INFINITY;
        for (int id = 0; id < logits_V.length; id++) {
            largest = Math.max(largest, logits_V[id]);
            if (best.size() < topK) {
                best.add(id);
            } else if (logits_V[id] > logits_V[best.element()]) {
                best.remove();
                best.add(id);
            }
        }
        double total = 0;
        for (float logit : logits_V) {
            total += Math.exp(logit - largest);
        }
        double logTotal = largest + Math.log(total);
        best.stream().sorted(worstFirst.reversed()).forEach(id -> {
            ids.add(id);
            logprobs.add((float) (logits_V[id] - logTotal));
        });
    }
}
