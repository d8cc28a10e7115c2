package dev.distill.demo;

import java.util.List;

/** What curation made of each planted fault, and of all of them together. */
final class FaultTable {
    private static final String NOTHING = "\u2013";

    private FaultTable() {}

    static String html(List<FaultAccount> faults) {
        StringBuilder rows = new StringBuilder();
        faults.forEach(fault -> rows.append(row("", fault)));
        rows.append(row(" class=\"total\"", FaultAccount.total(faults)));
        return """
                <div class="scroll"><table>
                <tr><th>Fault</th><th>Planted</th><th>Caught</th><th>Missed</th><th>Wrongly dropped</th>
                <th class="derived">Recall</th><th class="derived">Precision</th></tr>
                """ + rows + """
                </table></div>
                <p class="note derived">Recall: share of the planted that was caught. Precision: share of what those checks
                dropped that had a fault.</p>
                """;
    }

    private static String row(String attributes, FaultAccount fault) {
        return "<tr" + attributes + "><th scope=\"row\">"
                + Html.text(fault.fault().replace('_', ' ')) + "</th>"
                + cell(Html.count(fault.planted()))
                + cell(Html.count(fault.caught()))
                + cell(Html.count(fault.planted() - fault.caught()))
                + cell(Html.count(fault.wronglyDropped()))
                + derived(fault.planted() == 0 ? NOTHING : Html.percent(fault.recall()))
                + derived(fault.dropped() == 0 ? NOTHING : Html.percent(fault.precision()))
                + "</tr>\n";
    }

    private static String cell(String text) {
        return "<td>" + Html.text(text) + "</td>";
    }

    /** What follows from the other figures; a narrow page leaves it out. */
    private static String derived(String text) {
        return "<td class=\"derived\">" + Html.text(text) + "</td>";
    }
}
