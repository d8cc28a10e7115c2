package dev.distill.teacher.harvest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.data.trace.Message;
import dev.distill.data.trace.Prompt;
import dev.distill.teacher.ScriptedServer;
import dev.distill.teacher.wire.Patience;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrefixOrderTest extends HarvestScene {
    private static final String RULES = "Rules. ".repeat(300);
    private static final String EXAMPLES = "Example. ".repeat(300);

    private static Prompt prompt(String system, String question) {
        return Prompt.of(List.of(Message.system(system), Message.user(question)), null, "test");
    }

    /** Two families, of which one has a family within it, and two prompts alone, all mixed. */
    private static List<Prompt> mixed() {
        List<Prompt> prompts = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            prompts.add(prompt("short", "alone " + i));
            prompts.add(prompt(RULES, "one " + i));
            prompts.add(prompt(RULES, EXAMPLES + i));
            prompts.add(prompt("Other " + RULES, "two " + i));
        }
        return prompts;
    }

    private List<PrefixOrder.Place> places(List<Prompt> prompts, int samples) {
        return PrefixOrder.of(Unit.all(prompts, config(URI.create("http://x"), samples, null, QUICK)), 1024);
    }

    @Test
    void thoseThatBeginAlikeStandTogetherBehindOneThatLeads() {
        List<PrefixOrder.Place> places = places(mixed(), 1);
        assertThat(places.stream().map(place -> place.unit().prompt().question().replace(EXAMPLES, "ex ")))
                .containsExactly(
                        "alone 0", "ex 0", "ex 1", "ex 2", "ex 3", "ex 4", "ex 5", "one 0", "one 1", "one 2", "one 3",
                        "one 4", "one 5", "two 0", "two 1", "two 2", "two 3", "two 4", "two 5", "alone 1", "alone 2",
                        "alone 3", "alone 4", "alone 5");
        // within the first family the examples are read once more, and all of it begins with the same place
        assertThat(places.stream().map(PrefixOrder.Place::leader).limit(14))
                .containsExactly(-1, -1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1);
    }

    @Test
    void samplesOfALongPromptFollowItsFirst() {
        assertThat(places(List.of(prompt(RULES, "a"), prompt("short", "b")), 3).stream()
                        .map(PrefixOrder.Place::leader))
                .containsExactly(-1, 0, 0, -1, -1, -1);
    }

    @Test
    void theOrderDecidesNoUnit() {
        List<Unit> units = Unit.all(mixed(), config(URI.create("http://x"), 2, null, QUICK));
        List<PrefixOrder.Place> places = PrefixOrder.of(units, 1024);
        assertThat(places.stream().map(PrefixOrder.Place::unit)).containsExactlyInAnyOrderElementsOf(units);
        assertThat(PrefixOrder.of(units, 1024)).isEqualTo(places);
        assertThat(PrefixOrder.of(units, 0).stream().map(PrefixOrder.Place::unit))
                .containsExactlyElementsOf(units);
    }

    /** A server that knows a prefix once a reply to it has ended, as providers do. */
    private static final class Caching implements ScriptedServer.Script {
        private final Set<String> known = ConcurrentHashMap.newKeySet();
        final AtomicInteger hits = new AtomicInteger();
        final AtomicInteger misses = new AtomicInteger();

        @Override
        public void answer(String body, int attempt, ScriptedServer.Answer answer) throws IOException {
            Set<String> blocks = new HashSet<>();
            String prompt = body.substring(body.indexOf("\"messages\""), body.indexOf("\"stream\""));
            for (int end = 1024; end <= prompt.length(); end += 1024) {
                blocks.add(prompt.substring(0, end));
            }
            blocks.forEach(block -> (known.contains(block) ? hits : misses).incrementAndGet());
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                return;
            }
            known.addAll(blocks);
            answer.reply("thoughts", "answer", "stop");
        }
    }

    private Caching asked(int sharedPrefix, String name) throws IOException {
        Caching caching = new Caching();
        try (ScriptedServer server = new ScriptedServer(caching)) {
            HarvestConfig plain = config(server.url(), 2, null, QUICK);
            HarvestConfig config = new HarvestConfig(
                    plain.endpoint(),
                    plain.sampling(),
                    plain.asking().withSharedPrefix(sharedPrefix),
                    plain.limits().withPatience(Patience.DEFAULT), // each is asked once, however slow it is
                    plain.spending(),
                    new HarvestOutput(
                            folder.resolve(name),
                            plain.output().stage(),
                            plain.output().card(),
                            plain.output().size()));
            java.nio.file.Files.createDirectories(folder.resolve(name));
            HarvestResult result =
                    new Harvester(config, dev.distill.teacher.ApiKey.NONE).run(mixed(), HarvestListener.NONE);
            assertThat(result.completed()).isEqualTo(48);
        }
        return caching;
    }

    /** Blocks of 1,024: two of the rules, two of the examples behind them, two of the other rules. */
    @Test
    void eachPrefixIsReadOnceByTheProvider() throws IOException {
        Caching ordered = asked(1024, "ordered");
        assertThat(ordered.misses).hasValue(6);
        Caching unordered = asked(0, "unordered");
        assertThat(unordered.hits.get() + unordered.misses.get()).isEqualTo(ordered.hits.get() + 6);
        assertThat(unordered.misses.get()).isGreaterThan(6);
    }
}
