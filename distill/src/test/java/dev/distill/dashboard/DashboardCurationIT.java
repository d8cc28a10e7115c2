package dev.distill.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A curation in a real browser. */
@Timeout(240)
class DashboardCurationIT {
    private static final Path PICTURES = Path.of("target", "pictures");
    private static final String STATE = "document.querySelector('#curations .state')?.textContent ?? ''";

    @TempDir
    Path folder;

    private CurationFiles sums;
    private Dashboard dashboard;
    private Chromium browser;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        browser = Chromium.orSkip();
        sums = CurationFiles.create(folder.resolve("runs/sums"));
        dashboard = Dashboard.start(folder.resolve("runs"), 0);
        browser.size(1280, 900);
        browser.prefer("light");
        browser.open(dashboard.uri());
        assertThat(browser.await(STATE, "done")).isEqualTo("done");
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

    /** The text of each row of a table, its cells with a bar between them. */
    private String rows(String table) throws InterruptedException {
        return browser.eval("[...document.querySelectorAll('#curations " + table
                + " tbody tr')].map(r => [...r.children].map(c => c.textContent).join('|')).join('\\n')");
    }

    private String tile(String name) throws InterruptedException {
        return browser.eval("[...document.querySelectorAll('#curations .tiles dt')].find(t => t.textContent === '"
                + name + "')?.parentElement.textContent ?? ''");
    }

    private void picture(String name, int width, int height) throws Exception {
        browser.size(width, height);
        Thread.sleep(800);
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), browser.screenshot());
        assertThat(browser.eval("String(document.documentElement.scrollWidth)")).isEqualTo("" + width);
    }

    @Test
    void theFunnelAndTheTablesSayWhatBecameOfTheTraces() throws Exception {
        assertThat(rows(".funnel")).isEqualTo("""
                read||60|100 %|
                cut off||54|90 %|\u22126
                empty||48|80 %|\u22126
                wrong answer||42|70 %|\u22126
                contamination||36|60 %|\u22126
                kept||36|60 %|""");
        // the bars are as long as what they say: 70 % is left and 10 % has gone
        assertThat(browser.eval("""
                (() => { const [left, gone] = document.querySelectorAll('#curations .funnel tbody tr:nth-child(4) .stack i');
                  const all = left.parentElement.getBoundingClientRect().width;
                  return [left, gone].map(i => Math.round(100 * i.getBoundingClientRect().width / all)).join(' '); })()""")).isEqualTo("70 10");
        assertThat(rows(".checks").lines())
                .contains(
                        "wrong answer math|6|18|6",
                        "contamination|6||",
                        "aime question contamination:aime|3|3|3",
                        "duplicate|0||");
        assertThat(browser.eval("String(document.querySelectorAll('#curations tr.kind').length)"))
                .isEqualTo("2");
        assertThat(rows(".sets")).isEqualTo("aime|3|5 %|3\nmath500|3|5 %|3");
        assertThat(rows(".sources"))
                .isEqualTo("a-textbook/with-a-long-name-that-goes-on||40|24|60 %\nnumina||20|12|60 %");
        assertThat(tile("Kept")).isEqualTo("Kept3660 %");
        assertThat(tile("A kept trace")).isEqualTo("A kept trace0.0033 USDof 0.12 USD in all");
        assertThat(browser.complaints()).isEmpty();
    }

    /** By keys alone; and what a teacher wrote stays text. */
    @Test
    void anExampleOpensItsWholeTrace() throws Exception {
        browser.press("f");
        assertThat(browser.eval("document.activeElement.textContent")).isEqualTo("sums done");
        String math = "[...document.querySelectorAll('#curations .reason')]"
                + ".find(d => d.querySelector('summary').textContent.startsWith('wrong answer'))";
        assertThat(browser.eval(math + ".querySelector('summary').textContent")).isEqualTo("wrong answer math 5 of 6");
        browser.eval(math + ".querySelector('summary').focus()");
        browser.press("Enter");
        String second = math + ".querySelectorAll('.example')[1]";
        assertThat(browser.eval(second + ".querySelector('.story').textContent"))
                .isEmpty();
        browser.eval(second + ".querySelector('summary').focus()");
        browser.press("Enter");
        String answer = second + ".querySelector('pre.answer')?.textContent ?? ''";
        assertThat(browser.await(answer, "It is \\boxed{189}.")).isEqualTo("It is \\boxed{189}.");
        assertThat(browser.eval(second + ".querySelector('.failing').textContent"))
                .isEqualTo("wrong answer: 189, the reference is 188");
        assertThat(browser.eval(second + ".querySelector('pre').textContent"))
                .isEqualTo("What is 73 + 115? " + CurationFiles.HOSTILE);
        assertThat(browser.eval(second + ".textContent")).contains("Reasoning", "Reference188", "source");
        assertThat(browser.eval("String(document.querySelectorAll('#curations img, #curations script').length)"))
                .isEqualTo("0");
        assertThat(browser.eval("document.title")).isEqualTo("Distill dashboard");
        picture("curation-done-light", 1280, 2400);
        picture("curation-done-narrow", 400, 3600);
        browser.prefer("dark");
        picture("curation-done-dark", 1280, 2400);
        picture("curation-done-narrow-dark", 400, 3600);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void howFarItIsIsSeenAndOpenTracesStayOpen() throws Exception {
        browser.eval("document.querySelector('#curations .reason').open = true");
        sums.running(ProcessHandle.current().pid(), 15);
        assertThat(browser.await(STATE, "running")).isEqualTo("running");
        // ten seconds for 15 of 60
        assertThat(tile("Looked at")).isEqualTo("Looked at15of 60");
        assertThat(tile("Left")).isEqualTo("Left30 s1.5 a second");
        assertThat(browser.eval("String(document.querySelector('#curations progress').value)"))
                .isEqualTo("15");
        assertThat(browser.eval("String(document.querySelector('#curations .reason').open)"))
                .isEqualTo("true");
        Files.delete(sums.folder().resolve("curate/manifest.json"));
        String tables = "String(document.querySelectorAll('#curations table').length)";
        assertThat(browser.await(tables, "0")).isEqualTo("0");
        picture("curation-running-light", 1280, 500);
        browser.prefer("dark");
        picture("curation-running-dark-narrow", 400, 600);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aTraceThatIsGoneIsSaidAndLookedForAgain() throws Exception {
        Path shard = sums.folder().resolve("harvest/traces-00000.parquet");
        Path aside = Files.move(shard, folder.resolve("aside"));
        browser.eval("document.querySelector('#curations .reason').open = true");
        String open = "document.querySelector('#curations .example').open = %s";
        browser.eval(open.formatted("true"));
        String said = "document.querySelector('#curations .story')?.textContent ?? ''";
        String gone =
                "trace: no shard of this run has it; was it harvested anew since, or were the traces that it was given moved?";
        assertThat(browser.await(said, gone)).isEqualTo(gone);
        Files.move(aside, shard);
        browser.eval(open.formatted("false"));
        String state = "String(document.querySelector('#curations .example').open)";
        assertThat(browser.await(state, "false")).isEqualTo("false");
        browser.eval(open.formatted("true"));
        String answer = "document.querySelector('#curations .story pre.answer')?.textContent ?? ''";
        assertThat(browser.await(answer, "It is")).isEqualTo("It is");
    }
}
