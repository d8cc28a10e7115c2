package dev.distill.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.hub.HubException.Kind;
import dev.distill.teacher.RetryAdvice;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reply's status means: the hub tells more in X-Error-Code and X-Error-Message than the number says. */
final class Replies {
    private static final int LONGEST_ERROR = 1 << 16;
    private static final int LONGEST_SHOWN = 200;
    /** The hub's own header for limits, {@code "api";r=0;t=55}: requests that remain, seconds until there are more. */
    private static final Pattern RATE_LIMIT = Pattern.compile(";\\s*r=0\\s*;\\s*t=(\\d{1,6})");

    private Replies() {}

    /**
     * Returns if the reply is good, and closes it otherwise.
     *
     * @param ofEndpoint whether the endpoint itself answered, rather than a host that it sent us to
     * @throws PassingException where asking again may help
     * @throws HubException where it does not
     */
    static void check(HttpResponse<InputStream> reply, boolean ofEndpoint, HubId id, HubSettings settings)
            throws IOException {
        int status = reply.statusCode();
        if (status == 200 || status == 206) {
            return;
        }
        String said = settings.token().mask(said(reply));
        String shown = "status " + status + (said.isEmpty() ? "" : ", \"" + said + "\"");
        if (status == 429 || status == 408 || status >= 500) {
            throw new PassingException(shown, advice(reply));
        }
        if (!ofEndpoint) { // signed addresses are good for some minutes; the next attempt gets a new one
            throw new PassingException(shown + " from " + reply.uri().getHost(), RetryAdvice.NONE);
        }
        throw refused(header(reply, "x-error-code"), status, said, id, settings);
    }

    private static HubException refused(String code, int status, String said, HubId id, HubSettings settings) {
        String page = settings.endpoint() + "/" + id.repository();
        String shown = "status " + status + (said.isEmpty() ? "" : ", \"" + said + "\"");
        boolean known = settings.token().isPresent();
        return switch (code) {
            case "RevisionNotFound" ->
                new HubException(
                        Kind.NOT_FOUND,
                        "hub: " + id.repository() + " has no branch, tag or commit " + id.revision() + "; see " + page
                                + "/tree/main");
            case "EntryNotFound" ->
                new HubException(
                        Kind.NOT_FOUND, "hub: " + id + ": a file of its own list is not there (" + shown + ")");
            case "GatedRepo" ->
                new HubException(
                        Kind.FORBIDDEN,
                        "hub: " + id + " is given only to those who have agreed to its terms (" + shown + "); agree at "
                                + page
                                + (known
                                        ? " with the account whose token is used"
                                        : ", and give a token of that account in HF_TOKEN"));
            default -> other(status, shown, known, id, settings);
        };
    }

    private static HubException other(int status, String shown, boolean known, HubId id, HubSettings settings) {
        if (status == 401 && shown.contains("Invalid credentials") && known) {
            return new HubException(
                    Kind.FORBIDDEN,
                    "hub: " + settings.endpoint() + " does not take the token (" + shown
                            + "); give one that is valid in HF_TOKEN, or none");
        }
        if (status == 401 || status == 404) {
            return new HubException(
                    Kind.NOT_FOUND,
                    "hub: " + settings.endpoint() + " has no " + id.kind().word() + " " + id.repository() + " that "
                            + (known ? "the token's account" : "everybody") + " may see (" + shown
                            + "); check the name" + (known ? "" : ", or give a token in HF_TOKEN if it is private"));
        }
        if (status == 403) {
            return new HubException(
                    Kind.FORBIDDEN,
                    "hub: " + id + " is refused (" + shown + "); "
                            + (known ? "may the token read it?" : "give a token that may read it in HF_TOKEN"));
        }
        return new HubException(
                Kind.UNREACHABLE,
                "hub: " + id + ": " + settings.endpoint() + " answers with " + shown + "; is it the address of a hub?");
    }

    private static RetryAdvice advice(HttpResponse<?> reply) {
        RetryAdvice advice = RetryAdvice.of(name -> reply.headers().firstValue(name), Instant.now());
        Matcher limit = RATE_LIMIT.matcher(header(reply, "ratelimit"));
        return advice.after() == null && limit.find()
                ? new RetryAdvice(Duration.ofSeconds(Long.parseLong(limit.group(1)) + 1), null)
                : advice;
    }

    /** The server's own words, one short line. Closes the reply. */
    private static String said(HttpResponse<InputStream> reply) {
        String words = header(reply, "x-error-message");
        try (InputStream body = reply.body()) {
            if (words.isEmpty()) {
                String text = new String(body.readNBytes(LONGEST_ERROR), StandardCharsets.UTF_8);
                words = text.stripLeading().startsWith("{")
                        ? new ObjectMapper().readTree(text).path("error").asText()
                        : "";
            }
        } catch (JsonProcessingException e) {
            // an error page that is no hub's: the status must do
        } catch (IOException e) {
            return ""; // likewise
        }
        String line = words.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + " ..." : line;
    }

    private static String header(HttpResponse<?> reply, String name) {
        return reply.headers().firstValue(name).orElse("");
    }
}
