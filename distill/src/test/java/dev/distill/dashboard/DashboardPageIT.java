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

/** The page in a real browser. */
@Timeout(240)
class DashboardPageIT {
    private static final String ROWS = "String(document.querySelectorAll('#runs tbody tr').length)";

    private static final String NO_SMOOTHING =
            "{ const s = document.getElementById('smoothing'); s.value = '0'; s.dispatchEvent(new Event('input')); }";

    /** What is read under the chart of the loss, of 4 / step at steps 30 and 20. */
    private static final String BOTH = "newestfirst 0.1333second 0.2";

    @TempDir
    Path folder;

    private RunFiles first;
    private Dashboard dashboard;
    private Chromium browser;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        browser = Chromium.orSkip();
        Path runs = Files.createDirectory(folder.resolve("runs"));
        first = RunFiles.create(runs.resolve("first"), "train:\n  learning-rate: 1e-3\n  steps: 50\n", 50);
        first.steps(0, 30).sample(10, "What is 1+1?", "3").sample(20, "What is 1+1?", "2");
        RunFiles.create(runs.resolve("second"), "train:\n  learning-rate: 2e-3\n  steps: 50\n", 50)
                .steps(0, 20);
        dashboard = Dashboard.start(runs, 0);
        browser.size(1280, 900);
        browser.prefer("light");
        browser.open(dashboard.uri());
        assertThat(browser.await(ROWS, "2")).isEqualTo("2");
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

    private String text(String selector) throws InterruptedException {
        return browser.eval("document.querySelector('" + selector + "').textContent");
    }

    @Test
    void newLinesAppearByThemselves() throws Exception {
        String step = "document.querySelector('#runs tbody tr td:nth-child(3)').textContent";
        assertThat(browser.await(step, "30 of 50")).isEqualTo("30 of 50");
        first.append(RunFiles.line(31) + "{\"step\":32,\"loss\":0.1");
        assertThat(browser.await(step, "31 of 50")).isEqualTo("31 of 50");
        assertThat(browser.eval("String(document.querySelectorAll('#grid figure:not([hidden]) canvas').length)"))
                .isEqualTo("7"); // all but the share of the matmul rate, which these lines have not
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theChartsAreDrawnAndTwoRunsAreCompared() throws Exception {
        String reading = "document.querySelector('#grid .reading').textContent";
        browser.eval(NO_SMOOTHING);
        assertThat(browser.await(reading, BOTH)).isEqualTo(BOTH);
        // some of the canvas has the first run's colour, some the second's
        assertThat(browser.eval("""
                (() => { const canvas = document.querySelector('#grid canvas');
                  const p = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                  let blue = 0, orange = 0;
                  for (let i = 0; i < p.length; i += 4) {
                    if (p[i] === 0x25 && p[i+1] === 0x63 && p[i+2] === 0xc9 && p[i+3] === 255) blue++;
                    if (p[i] === 0xc8 && p[i+1] === 0x64 && p[i+2] === 0x1b && p[i+3] === 255) orange++;
                  }
                  return String(blue > 50 && orange > 50); })()""")).isEqualTo("true");
        assertThat(text("#settings-table tbody")).isEqualTo("train.learning-rate1e-32e-3");
        browser.eval("document.querySelectorAll('#runs input')[1].click()");
        assertThat(browser.await(reading, "newestfirst 0.1333")).isEqualTo("newestfirst 0.1333");
    }

    /** Every chart on logarithmic axes, along steps and along time. */
    @Test
    void theAxesCanBeLogarithmic() throws Exception {
        browser.press("l");
        browser.press("x");
        first.steps(31, 33);
        String step = "document.querySelector('#runs tbody tr td:nth-child(3)').textContent";
        assertThat(browser.await(step, "33 of 50")).isEqualTo("33 of 50");
        assertThat(browser.eval("String(document.querySelectorAll('#grid figure:not([hidden]) canvas').length)"))
                .isEqualTo("7");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theTicksOfALogarithmicAxisAreRound() throws Exception {
        String ticks = "import('/figures.js').then(f => JSON.stringify(f.logTicks(%s, %s)))";
        assertThat(browser.evalLater(ticks.formatted("0.098", "8.2"))).isEqualTo("[0.1,0.2,0.5,1,2,5]");
        assertThat(browser.evalLater(ticks.formatted("1.31", "1.62"))).isEqualTo("[1.4,1.5,1.6]");
        assertThat(browser.evalLater(ticks.formatted("1e-6", "2")))
                .isEqualTo("[0.000001,0.00001,0.0001,0.001,0.01,0.1,1]");
    }

    @Test
    void everythingCanBeDoneByKeys() throws Exception {
        browser.press("r");
        assertThat(browser.eval("document.activeElement.closest('tr').textContent"))
                .startsWith("first");
        browser.press(" ");
        assertThat(browser.eval("String(document.activeElement.checked)")).isEqualTo("false");
        browser.press(" ");
        browser.press("l");
        assertThat(browser.eval("String(document.getElementById('log').checked)"))
                .isEqualTo("true");
        browser.press("l");
        browser.press("x");
        assertThat(browser.eval("document.querySelector('input[name=axis]:checked').value"))
                .isEqualTo("time");
        browser.press("x");
        browser.press("c");
        String reading = "document.querySelector('#grid .reading').textContent";
        browser.press("Home");
        browser.press("ArrowRight");
        assertThat(browser.await(reading, "step 1first 4second 4")).isEqualTo("step 1first 4second 4");
        browser.press("+");
        assertThat(browser.eval("String(document.getElementById('zoom-out').disabled)"))
                .isEqualTo("false");
        browser.press("0");
        assertThat(browser.eval("String(document.getElementById('zoom-out').disabled)"))
                .isEqualTo("true");
        browser.press("?");
        assertThat(browser.eval("String(document.getElementById('help').open)")).isEqualTo("true");
        browser.press("Escape");
        assertThat(browser.eval("String(document.getElementById('help').open)")).isEqualTo("false");
        assertThat(browser.complaints()).isEmpty();
    }

    /** From the top with Tab: what can be used can be reached, and shows that it has the focus. */
    @Test
    void tabReachesEveryControlAndTheFocusIsSeen() throws Exception {
        StringBuilder reached = new StringBuilder();
        browser.press("Tab");
        while (!browser.eval("document.activeElement.tagName").equals("BODY")) {
            reached.append(browser.eval(
                            "(e => e.id || e.name || e.type || e.tagName.toLowerCase())(document.activeElement)"))
                    .append(' ');
            assertThat(browser.eval("getComputedStyle(document.activeElement).outlineStyle"))
                    .as(reached.toString())
                    .isEqualTo("solid");
            browser.press("Tab");
        }
        assertThat(reached.toString())
                .isEqualTo("a theme help-button runs-scroll checkbox checkbox smoothing log axis"
                        + " figure figure figure figure figure figure figure range pre settings-all div a a ");
    }

    @Test
    void aWideScreenAndAPhoneHaveRoomForAll() throws Exception {
        for (int width : new int[] {1280, 400}) {
            browser.size(width, 800);
            Thread.sleep(300);
            assertThat(browser.eval("String(document.documentElement.scrollWidth)"))
                    .isEqualTo("" + width);
            assertThat(
                            browser.eval(
                                    "String([...document.querySelectorAll('#grid figure:not([hidden]) .uplot')].every(u => u.getBoundingClientRect().right <= innerWidth))"))
                    .isEqualTo("true");
        }
    }

    @Test
    void itIsDarkForThoseWhoPreferItOrAskForIt() throws Exception {
        String background = "getComputedStyle(document.body).backgroundColor";
        assertThat(browser.eval(background)).isEqualTo("rgb(244, 246, 249)");
        browser.prefer("dark");
        assertThat(browser.eval(background)).isEqualTo("rgb(17, 21, 28)");
        browser.press("d"); // light, whatever the system says
        assertThat(browser.eval(background)).isEqualTo("rgb(244, 246, 249)");
        browser.prefer("light");
        browser.press("d"); // dark
        assertThat(browser.eval(background)).isEqualTo("rgb(17, 21, 28)");
    }

    /** At a weight of one half each value weighs twice what the one before it does. */
    @Test
    void aSmoothedLossForgetsItsBeginning() throws Exception {
        browser.eval(NO_SMOOTHING.replace("'0'", "'0.5'"));
        browser.press("c");
        browser.press("Home");
        browser.press("ArrowRight");
        browser.press("ArrowRight");
        browser.press("ArrowRight");
        String reading = "document.querySelector('#grid .reading span:nth-child(2)').textContent";
        // steps 0 and 1 have a loss of 4, step 2 of 2, step 3 of 4 / 3: (1 * 4 + 2 * 4 + 4 * 2 + 8 * 4 / 3) / 15 =
        // 2.044
        assertThat(browser.await(reading, "first 2.044 (1.333)")).isEqualTo("first 2.044 (1.333)");
    }

    @Test
    void samplesOfEarlierStepsCanBeSeenAndTextStaysText() throws Exception {
        first.sample(30, "<img src=x onerror=alert(1)>", "<script>document.title='x'</script>");
        String answer = "document.querySelector('#samples pre.answer')?.textContent ?? ''";
        String last = "<script>document.title='x'</script>";
        assertThat(browser.await(answer, last)).isEqualTo(last);
        assertThat(text("#samples .question")).isEqualTo("<img src=x onerror=alert(1)>");
        assertThat(browser.eval("String(document.querySelectorAll('#samples img, #samples script').length)"))
                .isEqualTo("0");
        browser.eval("document.querySelector('#samples input').focus()");
        browser.press("ArrowLeft");
        assertThat(browser.await(answer, "2")).isEqualTo("2");
        browser.press("ArrowLeft");
        assertThat(browser.await(answer, "3")).isEqualTo("3");
        assertThat(text("#samples .when span")).isEqualTo("after step 10");
        assertThat(browser.eval("document.title")).isEqualTo("Distill dashboard");
    }

    @Test
    void aPictureIsTaken() throws Exception {
        browser.eval(NO_SMOOTHING);
        browser.await("document.querySelector('#grid .reading').textContent", BOTH);
        byte[] png = browser.screenshot();
        assertThat(png).startsWith(0x89, 'P', 'N', 'G');
        assertThat(png.length).isGreaterThan(20_000); // a blank page has a few thousand bytes
    }
}
