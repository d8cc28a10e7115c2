package dev.distill.demo;

/** The report as one self-contained HTML page. */
final class ReportPage {
    private ReportPage() {}

    static String of(DemoResult result) {
        return "<!doctype html><title>Distill demo</title><pre>" + result.after() + "</pre>\n";
    }
}
