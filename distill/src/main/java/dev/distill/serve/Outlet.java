package dev.distill.serve;

/** Where a reply goes: whole, or as events. No method waits. */
interface Outlet {
    /** The whole reply. */
    void whole(String json);

    /** There is none; in a stream that has begun, an event that says so, and its end. */
    void error(ApiError why);

    /** A server-sent event. @return false if its reader has gone, or was cut off because it does not read */
    boolean event(String data);

    /** The stream is over. */
    void end();
}
