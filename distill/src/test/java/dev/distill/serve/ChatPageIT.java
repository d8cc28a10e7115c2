package dev.distill.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.distill.dashboard.Chromium;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The chat page in a real browser. */
@Timeout(120)
class ChatPageIT {
    private static final String ASK = "{ const t = document.getElementById('text'); t.value = '<b>Two</b> and two?';"
            + " document.getElementById('form').requestSubmit(); }";

    @Test
    void aQuestionIsAnsweredWithItsReasoningFolded(@TempDir Path folder) throws Exception {
        try (Chromium browser = Chromium.orSkip();
                TinyServer tiny = new TinyServer(folder)) {
            browser.size(400, 800);
            browser.open(tiny.uri("/"));
            assertThat(browser.await("document.querySelector('#model').value", "tiny"))
                    .isEqualTo("tiny");
            browser.eval(ASK);
            assertThat(browser.await("String(document.querySelectorAll('article .note').length)", "1"))
                    .isEqualTo("1");
            assertThat(browser.eval("document.querySelector('article.user').textContent"))
                    .contains("<b>Two</b> and two?");
            assertThat(browser.eval("String(document.querySelector('article:not(.user)').childElementCount > 1)"))
                    .isEqualTo("true");
            assertThat(browser.eval("String(document.querySelector('details').open)"))
                    .isEqualTo("false");
            assertThat(browser.eval("document.querySelector('details .text').textContent"))
                    .isNotEmpty();
            assertThat(browser.eval("document.querySelector('article .note').textContent"))
                    .contains("tokens");
            assertThat(browser.eval("String(document.documentElement.scrollWidth <= innerWidth)"))
                    .isEqualTo("true");
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
