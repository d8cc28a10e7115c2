package dev.distill.eval.code;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaSourceTest {
    @Test
    void aFileIsCalledAfterItsPublicType() {
        assertThat(JavaSource.of(
                        "import java.util.*;\npublic final class Solution { public static void main(String[] a) {} }"))
                .isEqualTo(new JavaSource("Solution", "Solution"));
    }

    @Test
    void theClassWithMainIsStarted() {
        assertThat(JavaSource.of("""
                class Node { class Inner {} void mainly() {} }
                class Start { static class Pair {} public static void main(String[] a) {} }
                class Other {}
                """)).isEqualTo(new JavaSource("Start", "Start"));
        assertThat(JavaSource.of("public interface Shape {}\nclass Run { public static void main (String... a) {} }"))
                .isEqualTo(new JavaSource("Shape", "Run"));
    }

    @Test
    void packagesBelongToTheName() {
        assertThat(JavaSource.of("package a.b;\npublic class M { static void main(String[] a) {} }")
                        .main())
                .isEqualTo("a.b.M");
    }

    @Test
    void commentsAndTextsAreNotRead() {
        assertThat(JavaSource.of("""
                // public class Wrong { void main(
                /* class Wrong2 { */
                class Right { String s = "class A { void main(\\""; char c = '{'; public static void main(String[] a) {} }
                """)).isEqualTo(new JavaSource("Right", "Right"));
    }

    @Test
    void aFileWithoutClassesHasAName() {
        assertThat(JavaSource.of("void main() { IO.println(1); }")).isEqualTo(new JavaSource("Main", "Main"));
    }

    @Test
    void longTextsAreRead() {
        String text = "class A { String s = \"" + "\\\\x".repeat(200_000) + "\"; void main() {} }";

        assertThat(JavaSource.of(text).main()).isEqualTo("A");
    }
}
