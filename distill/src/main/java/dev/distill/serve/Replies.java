package dev.distill.serve;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Replies in HTTP. None may be kept by anybody, framed, or taken for something else than it says it is. */
final class Replies {
    static final String JSON = "application/json; charset=utf-8";
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    private Replies() {}

    static FullHttpResponse whole(int status, String type, byte[] body) {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
        secure(response, type);
        HttpUtil.setContentLength(response, body.length);
        return response;
    }

    static FullHttpResponse error(ApiError why) {
        FullHttpResponse response =
                whole(why.status(), JSON, why.json().toString().getBytes(StandardCharsets.UTF_8));
        why.headers().forEach(response.headers()::set);
        return response;
    }

    static void secure(HttpResponse response, String type) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, NOTHING)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Resource-Policy", "same-origin");
    }
}
