package dev.distill.eval.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodeProblemTest {
    @Test
    void inputsAndOutputs() {
        CodeProblem problem = CodeProblem.of("""
                {"language": "cpp", "tests": [{"input": "1 2\\n", "output": "3\\n"}], "tolerance": 1e-6, "time_limit_s": 2, "memory_limit_mib": 256}
                """).orElseThrow();

        assertThat(problem.language()).isEqualTo(Language.CPP);
        assertThat(problem.tests()).containsExactly(new CodeTest.Stdin("1 2\n", "3\n"));
        assertThat(problem.tolerance()).hasValue(1e-6);
        assertThat(problem.timeLimitS()).hasValue(2);
        assertThat(problem.memoryLimitMib()).hasValue(256);
    }

    @Test
    void callsInBothForms() {
        CodeProblem problem = CodeProblem.of("""
                {"fn_name": "f", "tests": [{"input": "[1, 2]\\n\\"a\\"", "output": "3"}, {"input": [[1, 2], "a"], "output": 3}]}
                """).orElseThrow();

        assertThat(problem.language()).isEqualTo(Language.PYTHON);
        assertThat(problem.tests()).hasSize(2);
        assertThat(problem.tests().get(0)).isEqualTo(problem.tests().get(1));
        assertThat(((CodeTest.Call) problem.tests().get(0)).arguments()).hasSize(2);
    }

    @Test
    void statementsInBothForms() {
        assertThat(CodeProblem.of("{\"test_code\": [\"assert f(1) == 1\", \"assert f(2) == 2\"]}")
                        .orElseThrow()
                        .tests())
                .containsExactly(new CodeTest.Statements("assert f(1) == 1\nassert f(2) == 2"));
    }

    @Test
    void otherReferencesAreNotOfCode() {
        assertThat(CodeProblem.of(null)).isEmpty();
        assertThat(CodeProblem.of("42")).isEmpty();
        assertThat(CodeProblem.of("{1, 2, 3}")).isEmpty();
        assertThat(CodeProblem.of("{\"answer\": 42}")).isEmpty();
    }

    @Test
    void testsInOtherShapesAreNone() {
        for (String reference : List.of(
                "{'tests': {'inputs': ['1'], 'outputs': ['1']}}",
                "{'tests': '1'}",
                "{'tests': ['assert f(1) == 1']}",
                "{'tests': [{'stdin': '1', 'stdout': '1'}]}",
                "{'tests': [{'input': '1'}]}",
                "{'tests': [{'input': '1', 'output': null}]}",
                "{'tests': [{'input': ['1'], 'output': ['1']}]}",
                "{'fn_name': 'f', 'tests': [{'input': 1, 'output': 1}]}",
                "{'fn_name': 'f', 'tests': [{'input': {'x': 1}, 'output': 1}]}",
                "{'fn_name': 'f', 'tests': [{'input': [1], 'output': ''}]}",
                "{'fn_name': ['f'], 'tests': [{'input': [1], 'output': 1}]}",
                "{'language': 'rust', 'tests': [{'input': '1', 'output': '1'}]}",
                "{'language': ['python'], 'tests': [{'input': '1', 'output': '1'}]}",
                "{'test_code': {'f': 1}}",
                "{'test_code': ['assert f(1)', 2]}",
                "{'test_code': ''}")) {
            Optional<CodeProblem> problem = CodeProblem.of(reference.replace('\'', '"'));
            assertThat(problem).as(reference).isPresent();
            assertThat(problem.get().tests()).as(reference).isEmpty();
        }
    }

    @Test
    void aProblemThatCannotBeReadIsStillOne() {
        assertThat(CodeProblem.of("{\"tests\": [{\"input\": \"1\", ")
                        .orElseThrow()
                        .tests())
                .isEmpty();
        assertThat(CodeProblem.of("{\"tests\": []} {}").orElseThrow().tests()).isEmpty();
        assertThat(CodeProblem.of("{x : \"tests\"}")).isEmpty();
    }

    @Test
    void numbersOfAnyLengthAreRead() {
        String digits = "7".repeat(200_000);
        CodeTest test = CodeProblem.of(
                        "{\"fn_name\": \"f\", \"tests\": [{\"input\": [" + digits + "], \"output\": " + digits + "}]}")
                .orElseThrow()
                .tests()
                .getFirst();

        assertThat(((CodeTest.Call) test).value().bigIntegerValue().bitLength()).isEqualTo(664_386);
    }

    @Test
    void testsOfWhichOneCannotBeReadAreNone() {
        assertThat(CodeProblem.of(
                                "{\"fn_name\": \"f\", \"tests\": [{\"input\": \"1\", \"output\": \"1\"}, {\"input\": \"(\", \"output\": \"1\"}]}")
                        .orElseThrow()
                        .tests())
                .isEmpty();
        assertThat(CodeProblem.of(
                                "{\"test_code\": \"assert True\", \"tests\": [{\"input\": \"1\", \"output\": \"1\"}]}")
                        .orElseThrow()
                        .tests())
                .isEmpty();
    }
}
