package dev.distill.serve;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Puts a request's pieces together, up to the most that a body may have. */
final class BodyReader extends HttpObjectAggregator {
    private final Connection connection;

    BodyReader(Connection connection, int most) {
        super(most);
        this.connection = connection;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        connection.refuseTooLarge(context);
    }
}
