package dev.distill.serve;

import java.util.BitSet;
import java.util.List;

/** Server-sent events, one for each piece of text; the last is {@code [DONE]}. */
final class StreamedReply implements ReplySink {
    private final Order order;
    private final ReplyForm form;
    private final Outlet outlet;
    private final BitSet begun = new BitSet();

    StreamedReply(Order order, Outlet outlet) {
        this.order = order;
        this.form = ReplyForm.of(order);
        this.outlet = outlet;
    }

    @Override
    public void scored(int prompt, List<Said.Token> tokens) {
        form.scored(prompt, tokens);
    }

    private void begin(int row) {
        if (!begun.get(row)) {
            begun.set(row);
            form.begin(row).forEach(outlet::event);
        }
    }

    @Override
    public boolean said(int row, Said said) {
        begin(row);
        return outlet.event(form.chunk(row, said));
    }

    @Override
    public void ended(int row, Said.End end) {
        begin(row);
        outlet.event(form.end(row, end.finish()));
    }

    @Override
    public void complete(Usage usage) {
        if (order.common().usage()) {
            outlet.event(form.usage(usage));
        }
        outlet.end();
    }

    @Override
    public void failed(ApiError why) {
        outlet.error(why);
    }

    @Override
    public boolean isFull() {
        return outlet.isFull();
    }

    @Override
    public void cutOff() {
        outlet.cutOff();
    }
}
