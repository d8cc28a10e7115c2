package dev.distill.serve;

import java.util.ArrayList;
import java.util.List;

/** One JSON object, when all is written. */
final class WholeReply implements ReplySink {
    private final ReplyForm form;
    private final Outlet outlet;
    private final List<Row> rows = new ArrayList<>();

    private static final class Row {
        final StringBuilder reasoning = new StringBuilder();
        final StringBuilder answer = new StringBuilder();
        final List<Said.Token> reasoningTokens = new ArrayList<>();
        final List<Said.Token> answerTokens = new ArrayList<>();
        String finish = "";

        Said said() {
            return new Said(reasoning.toString(), answer.toString(), reasoningTokens, answerTokens);
        }
    }

    WholeReply(Order order, Outlet outlet) {
        this.form = ReplyForm.of(order);
        this.outlet = outlet;
        for (int row = 0; row < order.rows(); row++) {
            rows.add(new Row());
        }
    }

    @Override
    public void scored(int prompt, List<Said.Token> tokens) {
        form.scored(prompt, tokens);
    }

    @Override
    public boolean said(int row, Said said) {
        Row into = rows.get(row);
        into.reasoning.append(said.reasoning());
        into.answer.append(said.answer());
        into.reasoningTokens.addAll(said.reasoningTokens());
        into.answerTokens.addAll(said.answerTokens());
        return true;
    }

    @Override
    public void ended(int row, Said.End end) {
        rows.get(row).finish = end.finish();
    }

    @Override
    public void complete(Usage usage) {
        List<Said> said = rows.stream().map(Row::said).toList();
        List<String> finish = rows.stream().map(row -> row.finish).toList();
        outlet.whole(form.whole(said, finish, usage));
    }

    @Override
    public void failed(ApiError why) {
        outlet.error(why);
    }

    /** Nothing of it is read before all of it is there. */
    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public void cutOff() {
        outlet.cutOff();
    }
}
