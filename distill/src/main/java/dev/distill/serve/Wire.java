package dev.distill.serve;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.List;

/**
 * Bytes to requests and answers to bytes. A request that says its length in two ways keeps both in its headers, so that {@link Gate} can refuse it: two
 * servers in a row that choose differently see two requests where there is one.
 */
final class Wire extends CombinedChannelDuplexHandler<HttpRequestDecoder, HttpResponseEncoder> {
    private boolean head; // the request that is answered wants no body
    private boolean begun; // bytes have come that are no request yet

    Wire() {
        init(new Requests(), new Answers());
    }

    /** Whether part of a request's head has come since the last {@link #settled}. */
    boolean isBegun() {
        return begun;
    }

    /** What has come so far is known. */
    void settled() {
        begun = false;
    }

    /** The request that is answered from now on. */
    void answers(HttpRequest request) {
        head = request.method().equals(HttpMethod.HEAD);
    }

    private final class Requests extends HttpRequestDecoder {
        Requests() {
            super(new HttpDecoderConfig()
                    .setMaxInitialLineLength(WireLimits.LINE_BYTES)
                    .setMaxHeaderSize(WireLimits.HEADER_BYTES));
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            begun |= in.isReadable();
            super.decode(context, in, out);
        }

        /** Both stay; the body is read as chunked, and thrown away. */
        @Override
        protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {}
    }

    private final class Answers extends HttpResponseEncoder {
        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse response) {
            return head || super.isContentAlwaysEmpty(response);
        }
    }
}
