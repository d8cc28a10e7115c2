package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.distill.ChildJvm;
import dev.distill.cli.TinyRecipe;
import dev.distill.teacher.embedded.EmbeddedTeacher;
import dev.distill.teacher.embedded.FaultRates;
import dev.distill.teacher.embedded.TeacherConfig;
import dev.distill.teacher.embedded.TransportFault;
import dev.distill.teacher.embedded.fault.ContentFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser beside a real harvest, in a process of its own, of a teacher that does things wrong. */
@Timeout(900)
class DashboardHarvestIT {
    private static final String KEY = "sk-" + "dashboard-0123456789abcdef";
    private static final Path PICTURES = Path.of("target", "pictures");

    @TempDir
    Path folder;

    private EmbeddedTeacher teacher;
    private Path recipe;
    private Dashboard dashboard;
    private Chromium browser;
    private final List<Process> children = new ArrayList<>();

    @BeforeEach
    void open() throws IOException, InterruptedException {
        browser = Chromium.orSkip();
        FaultRates rates = FaultRates.none()
                .with(TransportFault.CUT, 0.3)
                .with(TransportFault.RATE_LIMITED, 0.05)
                .with(ContentFault.WRONG_ANSWER, 0.4);
        teacher = EmbeddedTeacher.start(TeacherConfig.of(7, folder.resolve("teacher.jsonl"))
                .withKey(KEY)
                .withRates(rates)
                .withChunkDelay(Duration.ofMillis(8)));
        recipe = TinyRecipe.write(folder, teacher);
        for (String question : List.of("Is this a question that the teacher knows?", "<img src=x onerror=alert(1)>")) {
            Files.writeString(
                    folder.resolve("prompts.jsonl"),
                    new ObjectMapper()
                                    .createObjectNode()
                                    .put("question", question)
                                    .put("reference", "1")
                            + "\n",
                    StandardOpenOption.APPEND);
        }
        dashboard = Dashboard.start(Files.createDirectory(folder.resolve("runs")), 0);
        browser.size(1280, 900);
        browser.prefer("light");
        browser.open(dashboard.uri());
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        if (dashboard != null) {
            dashboard.close();
        }
        if (browser != null) {
            browser.close();
        }
        if (teacher != null) {
            teacher.close();
        }
        children.forEach(Process::destroyForcibly);
    }

    private Process harvest(String budget) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(Stream.of(
                "harvest",
                recipe.toString(),
                "--dir",
                folder.resolve("runs/sums").toString(),
                "--set",
                "harvest.until-right=2",
                "--set",
                "harvest.tries=5",
                "--set",
                "harvest.budget=" + budget,
                "--set",
                "teacher.key-env=TEACHER_KEY")));
        builder.environment().put("TEACHER_KEY", KEY);
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile());
        Process child = builder.start();
        children.add(child);
        return child;
    }

    private String tile(String name) throws InterruptedException {
        return browser.eval("[...document.querySelectorAll('.tiles dt')].find(t => t.textContent === '" + name
                + "')?.nextElementSibling.textContent ?? ''");
    }

    private void picture(String name, int width, int height) throws Exception {
        browser.size(width, height);
        Thread.sleep(800);
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), browser.screenshot());
        assertThat(browser.eval("String(document.documentElement.scrollWidth)")).isEqualTo("" + width);
    }

    @Test
    void aHarvestIsSeenWhileItGoesOnAndWhenItIsOver() throws Exception {
        Process first = harvest("1.00 USD");
        String state = "document.querySelector('#harvests .state')?.textContent ?? ''";
        for (int look = 0; look < 600 && tile("A right answer").isEmpty(); look++) {
            Thread.sleep(300); // a process must start, and a reply take its time
        }
        assertThat(browser.eval(state)).isEqualTo("running");
        assertThat(tile("In flight")).matches("[0-8]");
        assertThat(tile("Right")).matches("\\d+");
        assertThat(tile("Spent")).matches("0\\.0\\d+ USD");
        assertThat(tile("In the end")).matches("0\\.0\\d+ USD");
        assertThat(tile("A right answer")).matches("0\\.0\\d+ USD");
        picture("harvest-running-light", 1280, 1500);
        assertThat(first.waitFor(600, TimeUnit.SECONDS)).isTrue();
        assertThat(browser.await(state, "done")).isEqualTo("done");

        // what cannot be answered was given up at once, some of the rest after many requests
        assertThat(tile("Failed")).matches("\\d+");
        assertThat(browser.eval("document.querySelector('#harvests .columns').textContent"))
                .contains("bad request", "TEACHER_KEY ")
                .doesNotContain(KEY);
        assertThat(browser.eval("String(document.querySelectorAll('.failed tbody tr').length)"))
                .isEqualTo(tile("Failed"));
        assertThat(browser.eval("document.querySelector('.failed tbody').textContent"))
                .contains("Is this a question that the teacher knows?", "<img src=x", "reads only the demo's problems");
        assertThat(browser.eval("String(document.querySelectorAll('#harvests img').length)"))
                .isEqualTo("0");
        assertThat(browser.eval("String(document.querySelectorAll('#harvests figure:not([hidden]) canvas').length)"))
                .isEqualTo("6"); // that of the cache too, which serves nothing here
        assertThat(browser.eval("String(document.getElementById('charts').hidden)"))
                .isEqualTo("true");

        browser.press("h");
        assertThat(browser.eval("document.activeElement.tagName")).isEqualTo("SUMMARY");
        browser.press("Tab");
        browser.press("Home");
        assertThat(browser.eval("document.activeElement.querySelector('.reading').textContent"))
                .doesNotContain("newest")
                .contains("spent 0.00 USD");
        picture("harvest-done-light", 1280, 1500);
        picture("harvest-done-narrow", 400, 3200);
        browser.prefer("dark");
        picture("harvest-done-dark", 1280, 1500);
        assertThat(browser.complaints()).isEmpty();
    }
}
