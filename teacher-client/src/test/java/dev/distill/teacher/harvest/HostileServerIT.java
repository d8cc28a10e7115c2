package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.data.trace.Trace;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.wire.Patience;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that means harm, in each of the formats: it costs the units that it answers so, a bounded amount of memory, and nothing else. */
@Timeout(180)
class HostileServerIT extends HarvestScene {
    private static final int GOOD = 20;
    private static final String HEAP = "-Xmx200m";
    /** What a reply may have on the wire. */
    private static final long LONGEST = 20 << 20;
    /** What the server has to pour out. */
    private static final long ENDLESS = 400L << 20;

    private static final Limits LIMITS = QUICK.withInFlight(4)
            .withPatience(new Patience(Duration.ofSeconds(5), QUICK.patience().idle(), Duration.ofSeconds(60), LONGEST))
            .withPersistence(new Limits.Persistence(2, QUICK.persistence().backoff(), 1_000, Duration.ofSeconds(5), 1));

    /** What comes in place of a reply; the unit with this number asks for it. */
    private enum Harm {
        ENDLESS_LINE {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.stream();
                answer.chunk("data: ");
                pour(answer, "x".repeat(1 << 16));
            }
        },
        ENDLESS_EVENT {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.stream();
                pour(answer, ("data: " + "x".repeat(1000) + "\n").repeat(64));
            }
        },
        TINY_EVENTS {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.stream();
                pour(answer, ("data: " + format.said("x") + "\n\n").repeat(1000));
            }
        },
        COMMENTS {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.stream();
                pour(answer, ":\n\n".repeat(20_000));
            }
        },
        ALTERNATING {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.stream();
                String both = "data: " + format.said("x") + "\n\ndata: " + format.thought("y") + "\n\n";
                pour(answer, both.repeat(500));
            }
        },
        NESTED {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.stream();
                answer.data("[".repeat(1 << 20));
                answer.end();
            }
        },
        HUGE_NUMBERS {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.stream();
                answer.data(format.said("x"));
                for (String number :
                        new String[] {"-1", "1e999999999", "9".repeat(400), "9223372036854775807", "\"7\""}) {
                    answer.data(format.usage(number));
                }
                answer.end();
            }
        },
        ENDLESS_PIECE {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
                pour(answer, "[".repeat(1 << 16));
            }
        },
        ENDLESS_ERROR {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.raw("HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
                pour(answer, "no ".repeat(1 << 14));
            }
        },
        ENDLESS_HEAD {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.raw("HTTP/1.1 200 OK\r\n");
                for (long sent = 0; sent < ENDLESS; sent += 1 << 16) {
                    answer.raw("X-" + sent + ": " + "x".repeat(1 << 16) + "\r\n");
                }
            }
        },
        ENDLESS_CHUNK_HEAD {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.raw(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n1;");
                for (long sent = 0; sent < ENDLESS; sent += 1 << 16) {
                    answer.raw("x".repeat(1 << 16));
                }
            }
        },
        NOT_YET {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                for (int i = 0; i < 1000; i++) {
                    answer.raw("HTTP/1.1 103 Early\r\n\r\n");
                    pause(20);
                }
            }
        },
        GZIP_BOMB {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.raw(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nContent-Length: "
                                + BOMB.length + "\r\n\r\n");
                answer.raw(BOMB);
            }
        },
        REDIRECT {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.status(307, "", "Location: " + elsewhere());
            }
        },
        WEB_PAGE {
            @Override
            void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException {
                answer.status(200, "<html>" + "x".repeat(1 << 20), "Content-Type: text/html");
            }
        };

        abstract void answer(ReplyFormat format, ScriptedServer.Answer answer) throws IOException;

        private static void pour(ScriptedServer.Answer answer, String chunk) throws IOException {
            for (long sent = 0; sent < ENDLESS; sent += chunk.length()) {
                answer.chunk(chunk);
            }
        }
    }

    private static final byte[] BOMB = bomb();
    private static volatile String elsewhere = "";

    private static String elsewhere() {
        return elsewhere;
    }

    /** A gigabyte of nothing. */
    private static byte[] bomb() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) {
                gzip.write(block);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory takes all", e);
        }
        return bytes.toByteArray();
    }

    private static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"openai", "anthropic", "gemini"})
    void costsTheUnitsThatItAnswersSoAndNothingElse(String dialect) throws Exception {
        ReplyFormat format = ReplyFormat.of(dialect);
        Harm[] harms = Harm.values();
        try (ScriptedServer other = new ScriptedServer((body, attempt, answer) -> answer.reply("", "stolen", "stop"));
                ScriptedServer server = new ScriptedServer((body, attempt, answer) -> {
                    int number = number(body);
                    if (number < GOOD) {
                        answer.stream();
                        answer.data(format.said("answer " + number));
                        answer.data(format.end());
                        answer.end();
                    } else {
                        harms[number - GOOD].answer(format, answer);
                    }
                })) {
            elsewhere = other.url().toString();
            Path told = folder.resolve("told.json");
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            HEAP,
                            "-cp",
                            System.getProperty("java.class.path"),
                            HostileServerIT.class.getName(),
                            server.url().toString(),
                            folder.toString(),
                            dialect,
                            Integer.toString(GOOD + harms.length))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(told.toFile())
                    .start();
            assertThat(child.waitFor(150, TimeUnit.SECONDS)).isTrue();
            assertThat(new ObjectMapper().readValue(told.toFile(), new TypeReference<Map<String, Integer>>() {}))
                    .isEqualTo(Map.of(
                            "cut_too_large", 6,
                            "cut_ended_early", 2,
                            "cut_malformed", 1,
                            "cut_connection_lost", 1,
                            "unreachable", 2,
                            "bad_request", 1,
                            "not_found", 2));
            assertThat(other.requests()).isZero();
            assertThat(traces().stream().map(Trace::answer).filter(answer -> answer.startsWith("answer ")))
                    .hasSize(GOOD);
        }
    }

    /** The harvest: the server's address, the folder, the dialect, the number of prompts. Tells what failed. */
    public static void main(String[] arguments) throws IOException {
        HostileServerIT it = new HostileServerIT();
        it.folder = Path.of(arguments[1]);
        URI url = URI.create(arguments[0]);
        HarvestConfig config = in(arguments[2], it.config(url, 1, null, LIMITS));
        HarvestResult result = harvest(config, Integer.parseInt(arguments[3]));
        assertThat(result.ending()).isInstanceOf(Ending.Done.class);
        System.out.print(new ObjectMapper().writeValueAsString(result.failed()));
    }
}
