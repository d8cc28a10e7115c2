package dev.distill.dashboard;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every request must be and every reply says. The page is for this machine: a name that another site lets point here (DNS
 * rebinding) is refused, and what is served may load nothing from elsewhere, be framed by nobody, and run no script of a file's.
 */
final class Guard extends Filter {
    /** With any port: it may be another one at the near end of a tunnel. */
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "[::1]");

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Guard() {}

    static void mount(HttpServer server, String path, HttpHandler handler) {
        server.createContext(path, handler).getFilters().add(new Guard());
    }

    @Override
    public String description() {
        return "hosts of this machine, and headers";
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        try (exchange) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Content-Security-Policy", POLICY);
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Cross-Origin-Resource-Policy", "same-origin");
            headers.set("Cache-Control", "no-store");
            if (!isOfThisMachine(exchange.getRequestHeaders().getFirst("Host"))) {
                text(exchange, 421, "This page is for the machine that it runs on: ask for 127.0.0.1 or localhost.\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                headers.set("Allow", "GET");
                text(exchange, 405, "GET alone\n");
            } else {
                chain.doFilter(exchange);
            }
        }
    }

    private static boolean isOfThisMachine(@Nullable String host) {
        return host != null && HOSTS.contains(host.replaceFirst(":\\d{1,5}$", ""));
    }

    static void text(HttpExchange exchange, int status, String text) throws IOException {
        send(exchange, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static void send(HttpExchange exchange, int status, String type, byte[] content) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
    }
}
