package dev.distill.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
    private static final List<String> BROWSERS =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    @TempDir
    Path folder;

    @Test
    void everyFigureStandsInThePageItself() {
        String page = ReportPage.of(Scene.two(30, 4));
        assertThat(page)
                .contains("Student before and after", "pass@4", "majority right (cons@k)", "runs of one response")
                .contains(
                        "tokens a solved problem", "cost of a solved problem", "mixes languages", "By <bdi>level</bdi>")
                .contains("after less before", "McNemar, exact", "points in four trials of five")
                .contains("Published by others: AIME 2024", "55.5\u00a0%", "2501.12948")
                .contains("truncated", "no answer", "infrastructure error");
    }

    @Test
    void whateverAModelWroteIsText() {
        String page = ReportPage.of(EvaluationReport.of(
                Scene.HOSTILE,
                List.of(Scene.saying(Scene.HOSTILE, Scene.HOSTILE, Scene.HOSTILE, Scene.HOSTILE, Scene.HOSTILE))));
        assertThat(page).doesNotContain("<script>document", "<img", "<b>bold", "<!-- ", "\u0000");
        assertThat(page.split("</script>", -1)).as("two of data, one that runs").hasSize(4);
    }

    /** Its policy names the one script and the one style sheet by their hashes, and there is nothing else to load. */
    @Test
    void thePolicyAllowsNothingButThePagesOwnScript() throws NoSuchAlgorithmException {
        String page = ReportPage.of(Scene.two(3, 1));
        assertThat(page).contains("default-src 'none'", "base-uri 'none'", "form-action 'none'");
        assertThat(page).contains("script-src 'sha256-" + hash(inside(page, "<script>", "</script>")) + "'");
        assertThat(page).contains("style-src 'sha256-" + hash(inside(page, "<style>", "</style>")) + "'");
        assertThat(page).doesNotContain(" style=\"", " onclick", "src=\"", "@import", "url(", "innerHTML");
    }

    private static String inside(String page, String start, String end) {
        int from = page.indexOf(start) + start.length();
        return page.substring(from, page.indexOf(end, from));
    }

    private static String hash(String text) throws NoSuchAlgorithmException {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void ofAHugeAnswerTheMiddleIsLeftOutAndSaidToBe() {
        String huge = "a".repeat(600) + "\ud83d\ude00".repeat(100_000) + "z".repeat(600);
        EvaluationReport report = EvaluationReport.of("huge", List.of(Scene.saying("t", "m", "?", huge, "\\boxed{8}")));
        String page = ReportPage.of(report, 1_200);
        assertThat(page.length()).isLessThan(100_000);
        assertThat(page).contains("[... 200,000 characters are left out here; they stand in responses.jsonl ...]");
        assertThat(ReportPage.of(report)).contains("[... ");
        assertThatThrownBy(() -> ReportPage.of(report, 10)).hasMessageContaining("at least 1000 characters; got 10");
    }

    /** A browser reads the page from its file: the hash says what is filtered and which question is open. */
    @Test
    void aBrowserShowsTheAnswersThatAreAskedFor() throws IOException, InterruptedException {
        Path page = folder.resolve("report.html");
        Files.writeString(page, ReportPage.of(Scene.two(100, 4)));
        assertThat(rows(dom(page, ""))).as("as many as are made at once").isEqualTo(60);
        String truncated = dom(page, "#task=0&outcome=truncated&of=1&open=0");
        assertThat(count(truncated)).isBetween(1, 60).isEqualTo(rows(truncated));
        assertThat(truncated).contains("of 200 questions.");
        String words = dom(page, "#words=sells%203%20LOAVES");
        assertThat(count(words)).as("the first question of both tasks").isEqualTo(2);
        String level = dom(page, "#task=1&facet=" + "%5B%22level%22%2C%225%22%5D&open=104");
        assertThat(count(level)).isEqualTo(20);
        assertThat(level).contains("Reference: <bdi>16</bdi>", "Reasoning, ");
    }

    @Test
    void aBrowserRunsNothingThatAModelWrote() throws IOException, InterruptedException {
        Path page = folder.resolve("hostile.html");
        Files.writeString(
                page,
                ReportPage.of(EvaluationReport.of(
                        "safe",
                        List.of(Scene.saying(Scene.HOSTILE, "m", Scene.HOSTILE, Scene.HOSTILE, Scene.HOSTILE)))));
        String dom = dom(page, "#open=0");
        assertThat(dom).contains("<title>safe</title>", "1 of 1 questions.");
        assertThat(dom).contains("&lt;img src=x onerror=");
    }

    private static int rows(String dom) {
        return dom.split("<details class=\"one\"", -1).length - 1;
    }

    private static int count(String dom) {
        Matcher count = Pattern.compile("role=\"status\">([\\d,]+) of").matcher(dom);
        assertThat(count.find()).isTrue();
        return Integer.parseInt(count.group(1).replace(",", ""));
    }

    /** The document as the page's script has made it. */
    private String dom(Path page, String hash) throws IOException, InterruptedException {
        Optional<Path> browser = Stream.of(System.getenv("PATH").split(":"))
                .flatMap(bin -> BROWSERS.stream().map(name -> Path.of(bin, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(browser.isPresent(), "skipped, for want of a browser: one of " + BROWSERS + " on the PATH");
        Path said = folder.resolve("dom.html");
        Process process = new ProcessBuilder(
                        browser.orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox", // of a root that containers have
                        "--disable-gpu",
                        "--disable-sync",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--no-first-run",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--window-size=1000,800",
                        "--dump-dom",
                        page.toUri() + hash)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(said);
    }
}
