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

    @Test
    void aBlockWithoutAWordAfterAProgramIsItsOutput() {
        String answer = "```python\nprint(1)\n```\nOutput:\n```\n1\n```\n";

        assertThat(CodeBlock.last(answer)).contains(new CodeBlock(Optional.of(Language.PYTHON), "print(1)\n"));
        assertThat(CodeBlock.last("```text\n1\n```\n```\nx = 1\n```"))
                .contains(new CodeBlock(Optional.empty(), "x = 1\n"));
    }

    /** CommonMark 0.31.2, examples 131 to 133: as much is taken off each line as the fence is indented by. */
    @Test
    void aBlockInAListStandsAsFarInAsItsFence() {
        CodeBlock program = new CodeBlock(Optional.of(Language.PYTHON), "if x:\n    y\n\nz\n");

        assertThat(CodeBlock.last("1. So:\n\n   ```python\n   if x:\n       y\n\n   z\n   ```\n2. End."))
                .contains(program);
        assertThat(CodeBlock.last("10. So:\n\n    ```python\n    if x:\n        y\n\n  z\n    ```\n"))
                .contains(program);
        assertThat(CodeBlock.last("    ```python\n    x\n    ```\n")).isEmpty();
    }
}
