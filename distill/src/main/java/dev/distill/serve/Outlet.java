package dev.distill.serve;

/** Where a reply goes: whole, or as events. No method waits. */
interface Outlet {
    /** The whole reply; it is written, and made into JSON, by another thread, as its reader takes it. */
    void whole(Json json);

    /** There is none; in a stream that has begun, an event that says so, and its end. */
    void error(ApiError why);

    /** A server-sent event. @return false if its reader has gone */
    boolean event(Json data);

    /** Whether so much waits to be read that nothing more should be made for it now. */
    boolean isFull();

    /** Its reader has kept others waiting, and is let go. */
    void cutOff();

    /** The stream is over; its reader is told so. */
    void end();
}
