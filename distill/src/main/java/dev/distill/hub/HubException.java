package dev.distill.hub;

import java.io.IOException;

/** Why a model cannot be had from the hub, in words for a person: owner, rule, values, cure. Never holds the token. */
public final class HubException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for those who must decide. */
    public enum Kind {
        /** There is no such model, revision or file, or none that this user may know of. */
        NOT_FOUND,
        /** It is there, but not for this user. */
        FORBIDDEN,
        /** It is there, but nothing in it can be used. */
        UNSUITABLE,
        /** No network was wanted, and the cache does not have it. */
        OFFLINE,
        /** The server wants something that could do harm. */
        UNSAFE,
        /** The bytes are not those that their hash names. */
        DAMAGED,
        /** The disk has too little room. */
        NO_SPACE,
        /** The hub does not answer as a hub does. */
        UNREACHABLE
    }

    private final Kind kind;

    HubException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the user named something that cannot be had, rather than that something failed on the way. */
    public boolean isWrongInput() {
        return switch (kind) {
            case NOT_FOUND, FORBIDDEN, UNSUITABLE, OFFLINE -> true;
            case UNSAFE, DAMAGED, NO_SPACE, UNREACHABLE -> false;
        };
    }

    /** Whether a copy in the cache may stand in: the hub is away, or does not give the model any more. */
    boolean leavesTheCache() {
        return switch (kind) {
            case UNREACHABLE, FORBIDDEN, NOT_FOUND -> true;
            case UNSUITABLE, OFFLINE, UNSAFE, DAMAGED, NO_SPACE -> false;
        };
    }
}
