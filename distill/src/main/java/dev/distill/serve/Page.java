package dev.distill.serve;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** The chat page: one file, whose own script and style are the only ones that a browser runs, named by their hashes. */
final class Page {
    private final byte[] content;
    private final String policy;

    Page() {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream("chat.html"), "chat.html")) {
            content = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String page = new String(content, StandardCharsets.UTF_8);
        policy = "default-src 'none'; script-src '" + hash(page, "script") + "'; style-src '" + hash(page, "style")
                + "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    private static String hash(String page, String element) {
        int begin = page.indexOf("<" + element + ">") + element.length() + 2;
        byte[] inner = page.substring(begin, page.indexOf("</" + element + ">")).getBytes(StandardCharsets.UTF_8);
        try {
            return "sha256-"
                    + Base64.getEncoder()
                            .encodeToString(MessageDigest.getInstance("SHA-256").digest(inner));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    FullHttpResponse response() {
        FullHttpResponse response = Replies.whole(200, "text/html; charset=utf-8", content);
        response.headers().set(HttpHeaderNames.CONTENT_SECURITY_POLICY, policy);
        return response;
    }
}
