package dev.distill.eval.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodeBlockTest {
    @Test
    void theLastProgramIsTaken() {
        String answer = """
                First try:
                ```python
                print(1)
                ```
                Better:
                ```C++
                int main() {}
                ```
                It prints
                ```text
                1
                ```
                """;

        assertThat(CodeBlock.last(answer)).contains(new CodeBlock(Optional.of(Language.CPP), "int main() {}\n"));
    }

    @Test
    void aFenceWithoutAWordLeavesTheLanguageOpen() {
        assertThat(CodeBlock.last("```\nx = 1\n```")).contains(new CodeBlock(Optional.empty(), "x = 1\n"));
    }

    @Test
    void wordsAfterTheLanguageDoNotMatter() {
        assertThat(CodeBlock.last("```python title=\"a.py\"\nx\n```")
                        .orElseThrow()
                        .language())
                .contains(Language.PYTHON);
        assertThat(CodeBlock.last("```{.cpp .numberLines}\nx\n```")
                        .orElseThrow()
                        .language())
                .contains(Language.CPP);
    }

    @Test
    void aFenceThatIsNotClosedReachesToTheEnd() {
        assertThat(CodeBlock.last("so:\n```py\na\nb")).contains(new CodeBlock(Optional.of(Language.PYTHON), "a\nb\n"));
    }

    @Test
    void aLongerFenceHoldsShorterOnes() {
        assertThat(CodeBlock.last("~~~~java\nString s = \"\"\"\n```\n~~~\n\"\"\";\n~~~~\nend"))
                .contains(new CodeBlock(Optional.of(Language.JAVA), "String s = \"\"\"\n```\n~~~\n\"\"\";\n"));
    }

    @Test
    void textWithoutABlockHasNone() {
        assertThat(CodeBlock.last("Use `print(1)` or ```print(2)``` here.")).isEmpty();
        assertThat(CodeBlock.last("```python\n\n```")).isEmpty();
        assertThat(CodeBlock.last("")).isEmpty();
    }
}
