package dev.distill.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.distill.student.model.Decoder;
import dev.distill.student.model.PackedRow;
import dev.distill.student.ops.TeacherRows;

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

    /** The likeliest first; of equals the smaller id. */
    private void addTop(ObjectNode line, PackedRow row) {
        ArrayNode topIds = line.putArray("top_ids");
        ArrayNode topLogprobs = line.putArray("top_logprobs");
        TeacherRows top = model.likeliest(row, topK, 1);
        for (int n = 0; n + 1 < top.rows(); n++) { // nothing follows the last token
            ArrayNode ids = topIds.addArray();
            ArrayNode logprobs = topLogprobs.addArray();
            for (int i = 0; i < top.count(n); i++) {
                ids.add(top.id(n, i));
                logprobs.add(top.logProbability(n, i));
            }
        }
    }
}
