package dev.distill.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class HtmlTextTest {
    @Test
    void nothingOpensATagOrTurnsTheText() {
        assertThat(HtmlText.of("<b a='1' c=\"2\">&")).isEqualTo("&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
        assertThat(HtmlText.of("a\u202eb\u2066c\u0007d\u0085e\ud800f\uffff"))
                .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffd");
        assertThat(HtmlText.of("tab\tline\r\n\u0627\ud83d\ude00")).isEqualTo("tab\tline\r\n\u0627\ud83d\ude00");
    }

    /** Every character of the first plane, in XML 1.0's eyes. */
    @Test
    void whateverComesOutIsXml() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c <= 0xFFFF; c++) {
            all.append((char) c).append(' ');
        }
        String xml = "<p t=\"" + HtmlText.of(all.toString()) + "\">" + HtmlText.of(all.toString()) + "</p>";
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(xml)))
                        .getDocumentElement()
                        .getTextContent())
                .contains("&", "<", "\u4e2d");
    }
}
