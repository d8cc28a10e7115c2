package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An evaluation in a real browser. */
@Timeout(240)
class DashboardEvaluationIT {
    private static final Path PICTURES = Path.of("target", "pictures");
    private static final String STATE = "document.querySelector('#evaluations .state')?.textContent ?? ''";

    @TempDir
    Path folder;

    private EvaluationFiles sums;
    private Dashboard dashboard;
    private Chromium browser;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        browser = Chromium.orSkip();
        sums = EvaluationFiles.create(
                Files.createDirectory(folder.resolve("runs")).resolve("sums & more"));
        dashboard = Dashboard.start(folder.resolve("runs"), 0);
        browser.size(1280, 900);
        browser.prefer("light");
        browser.open(dashboard.uri());
        assertThat(browser.await(STATE, "done")).as("%s", browser.complaints()).isEqualTo("done");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        if (dashboard != null) {
            dashboard.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    private String tile(String name) throws InterruptedException {
        return browser.eval("[...document.querySelectorAll('#evaluations .tiles dt')].find(t => t.textContent === '"
                + name + "')?.parentElement.textContent ?? ''");
    }

    private void picture(String name, int width, int height) throws Exception {
        browser.size(width, height);
        Thread.sleep(800); // for the charts to follow
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), browser.screenshot());
        assertThat(browser.eval("String(document.documentElement.scrollWidth)")).isEqualTo("" + width);
    }

    @Test
    void theScoresSayWhatBecameOfTheAnswers() throws Exception {
        assertThat(browser.eval("[...document.querySelectorAll('#evaluations .scores tbody tr')]"
                        + ".map(r => [...r.children].map(c => c.textContent).join('|')).join('\\n')"))
                .isEqualTo("""
                        sums|weak||25 %|7.15 to 59.1|8|0||2 right, 5 wrong, 1 cut off
                        |strong||75 %|40.9 to 92.9|8|0||6 right, 1 wrong, 1 no answer""");
        // the interval lies where its ends say, and the mark where the score is
        assertThat(browser.eval("""
                (() => { const line = document.querySelectorAll('#evaluations .interval')[1];
                  const all = line.getBoundingClientRect();
                  const at = (x) => Math.round(100 * (x - all.left) / all.width);
                  const range = line.querySelector('i').getBoundingClientRect(), mark = line.querySelector('b').getBoundingClientRect();
                  return [at(range.left), at((mark.left + mark.right) / 2), at(range.right)].join(' '); })()""")).isEqualTo("41 75 93");
        assertThat(browser.eval("document.querySelector('#evaluations .difference').textContent"))
                .startsWith("sums: strong less weak is +50 points (")
                .contains("better on 4, worse on 0, p = 0.1");
        browser.press("e");
        assertThat(browser.eval("document.activeElement.textContent")).isEqualTo("sums & more done");
        picture("evaluation-done-light", 1280, 700);
        picture("evaluation-done-narrow", 400, 1100);
        browser.prefer("dark");
        picture("evaluation-done-dark", 1280, 700);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void howFarItIsIsSeen() throws Exception {
        sums.running(4);
        assertThat(browser.await(STATE, "running")).isEqualTo("running");
        assertThat(tile("Task")).isEqualTo("Tasksums1 of 2");
        assertThat(tile("Answers")).isEqualTo("Answers4of 8");
        // a quarter of all took ten seconds
        assertThat(tile("Left")).isEqualTo("Left30 sif the tasks take alike");
        assertThat(browser.eval("String(document.querySelector('#evaluations progress').value)"))
                .isEqualTo("0.25");
        picture("evaluation-running", 1280, 700);
        assertThat(browser.complaints()).isEmpty();
    }

    /** Its own script works in the sandbox, and what a model wrote stays text there too. */
    @Test
    void theReportOpensWithItsAnswers() throws Exception {
        String link = browser.eval("document.querySelector('#evaluations a').href");
        assertThat(link).endsWith("/report?run=sums%20%26%20more");
        browser.open(URI.create(link));
        String answers = "String(document.querySelectorAll('#answers-section').length)";
        assertThat(browser.await(answers, "1")).isEqualTo("1");
        assertThat(browser.await("document.body.textContent.includes('onerror=alert(1)') + ''", "true"))
                .isEqualTo("true");
        assertThat(browser.eval("String(document.querySelectorAll('img').length)"))
                .isEqualTo("0");
        assertThat(browser.eval("document.title")).isEqualTo("strong");
        assertThat(browser.eval("String(window.origin)")).isEqualTo("null");
        picture("evaluation-report", 1280, 1400);
        assertThat(browser.complaints()).isEmpty();
    }
}
