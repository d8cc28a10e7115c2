package dev.distill.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.dashboard.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The report in a real browser. */
@Timeout(240)
class ReportPageIT {
    private static final Path PICTURES = Path.of("target", "pictures");

    @TempDir
    Path folder;

    private Chromium browser;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        browser = Chromium.orSkip();
        Path report = Files.writeString(
                folder.resolve("report.html"),
                ReportPage.of(ReportPageTest.result("What is 6 x 7?", ReportPageTest.curated())));
        browser.size(1280, 900);
        browser.prefer("light");
        browser.open(report.toUri());
        assertThat(browser.await("document.title", "Distill demo")).isEqualTo("Distill demo");
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        if (browser != null) {
            browser.close();
        }
    }

    private void picture(String name, int width, int height) throws Exception {
        browser.size(width, height);
        browser.eval("[...document.querySelectorAll('h2')].find(h => h.textContent === 'Curation').scrollIntoView()");
        Thread.sleep(300);
        Files.createDirectories(PICTURES);
        Files.write(PICTURES.resolve(name + ".png"), browser.screenshot());
        assertThat(browser.eval("String(document.documentElement.scrollWidth)")).isEqualTo("" + width);
    }

    /** What is left and what has gone lie side by side on the track, and no bar leaves it. */
    @Test
    void theFunnelIsDrawnToScaleOnWideAndNarrowScreens() throws Exception {
        for (int width : new int[] {1280, 400}) {
            browser.size(width, 900);
            assertThat(browser.eval("""
                    [...document.querySelectorAll('.fill.kept')].map(kept => {
                      const track = kept.parentElement.getBoundingClientRect();
                      return [kept, ...kept.parentElement.querySelectorAll('.gone')].map(i => i.getBoundingClientRect())
                        .map(r => Math.round(100 * (r.left - track.left) / track.width) + '-' + Math.round(100 * (r.right - track.left) / track.width))
                        .join(',');
                    }).join(' ')""")).isEqualTo("0-100 0-95,95-100 0-85,85-95 0-80,80-85 0-80");
        }
        picture("report-curation-light", 1280, 1100);
        picture("report-curation-narrow", 400, 1500);
        browser.prefer("dark");
        picture("report-curation-dark", 1280, 1100);
        picture("report-curation-narrow-dark", 400, 1500);
        assertThat(browser.complaints()).isEmpty();
    }
}
