/**
 * Students behind HTTP, in the words of OpenAI's API: so a student can be the next teacher.
 *
 * <p>A request's way: {@code Connection} and {@code Gate} (who asks, what is too much, before a byte is parsed), {@code Dispatcher} (routes),
 * {@code ChatReader} or {@code CompletionReader} (what is asked, an {@code Order}), {@code DecodeLoop} (one thread, rows of all clients in one batch),
 * {@code StreamedReply} or {@code WholeReply} (what is answered). Netty reads and writes HTTP/1.1, and nothing but this package knows of it.
 *
 * <p>Text and tokens are {@code dev.distill.respond}'s, the decoding {@code dev.distill.student.generate}'s. Start with
 * {@link dev.distill.serve.Server}.
 */
@NullMarked
package dev.distill.serve;

import org.jspecify.annotations.NullMarked;
