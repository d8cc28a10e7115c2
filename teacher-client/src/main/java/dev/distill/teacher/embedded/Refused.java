package dev.distill.teacher.embedded;

/** A request that gets no completion: the status and the words of the error object. */
final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;

    private Refused(int status, String type, String message) {
        super(message, null, false, false);
        this.status = status;
        this.type = type;
    }

    static Refused badRequest(String message) {
        return new Refused(400, "invalid_request_error", message);
    }

    static Refused unauthorized() {
        return new Refused(401, "authentication_error", "Authentication Fails (no such user)");
    }

    static Refused notFound(String path) {
        return new Refused(404, "invalid_request_error", "no such path: " + path);
    }

    static Refused tooLarge(long limit) {
        return new Refused(413, "invalid_request_error", "the body is longer than " + limit + " bytes");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
