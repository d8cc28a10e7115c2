package dev.distill.data.template.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JinjaTemplateTest {
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2025-07-10T12:00:00Z");

    private static String render(String template, Map<String, ? extends @Nullable Object> variables) {
        return JinjaTemplate.parse(template)
                .render(variables, NOW, Limits.DEFAULT)
                .text();
    }

    /** What jinja2 prints for each of these templates; made by make_jinja_cases.py, beside the file. */
    @TestFactory
    Stream<DynamicTest> printsWhatPythonPrints() throws IOException {
        try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("jinja_cases.json")) {
            JsonNode file = new ObjectMapper().readTree(Objects.requireNonNull(in));
            Map<?, ?> variables = new ObjectMapper().convertValue(file.get("variables"), Map.class);
            Map<String, Object> named = new java.util.HashMap<>();
            variables.forEach((name, value) -> named.put(String.valueOf(name), value));
            List<DynamicTest> tests = new ArrayList<>();
            for (JsonNode one : file.get("cases")) {
                String template = one.get("template").asText();
                tests.add(DynamicTest.dynamicTest(
                        template,
                        () -> assertThat(render(template, named))
                                .isEqualTo(one.get("expected").asText())));
            }
            assertThat(tests).hasSizeGreaterThan(200);
            return tests.stream();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a\\n {{ 1 + }}            # line 2, column 9: expected an expression, got }}",
                "{% if x %}                # line 1, column 11: expected one of [elif, else, endif], got the end",
                "{% for a b %}             # line 1, column 10: expected \"in\", got \"b\"",
                "{% frob %}                # line 1, column 4: there is no statement \"frob\" here",
                "{% include 'x' %}         # line 1, column 4: {% include %} is not supported in chat templates",
                "{% for a in b recursive %}# line 1, column 15: recursive loops are not supported",
                "{% break %}               # line 1, column 4: {% break %} stands outside of a loop",
                "{{ 'abc }}                # line 1, column 4: the string has no closing '",
                "{{ f(**x) }}              # line 1, column 6: \"**\" in a call is not supported",
                "{{ a ] }}                 # line 1, column 6: \"]\" closes nothing",
                "{{ ä § }}                 # line 1, column 6: unexpected character \"§\"",
                "{% raw %}                 # line 1, column 1: {% raw %} has no {% endraw %}",
                "{{ 99999999999999999999 }}# line 1, column 4: the number 99999999999999999999 does not fit into 64 bits",
                "\\n{{ nope.field }}       # line 2, column 9: \"nope\" is undefined",
                "{{ raise_exception('no') }}# line 1, column 19: no",
                "{{ [1].append(2) }}       # line 1, column 14: list.append would change the template's data",
                "{{ 'x' | frob }}          # line 1, column 10: there is no filter \"frob\"",
                "{{ 'x' is frob }}         # line 1, column 8: there is no test \"frob\"",
                "{{ 'x' | trim(a=1) }}     # line 1, column 10: trim has no argument a",
                "{{ 1 + 'a' }}             # line 1, column 6: \"+\" is not possible for int and str",
                "{{ 1 / 0 }}               # line 1, column 6: division by zero",
                "{{ 2 ** 64 }}             # line 1, column 6: \"**\": a whole number goes beyond 64 bits",
                "{{ {}|tojson|length + nope }} # line 1, column 21: \"nope\" is undefined",
                "{% set x.y = 1 %}         # line 1, column 8: only a namespace's attributes can be set",
                "{% set a, b = [1] %}      # line 1, column 8: 1 values for 2 names",
                "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }} # line 1, column 35: macro m takes [a]; got 2 by position",
            })
    void saysWhereAndWhat(String template, String message) {
        assertThatThrownBy(() -> render(template.replace("\\n", "\n"), Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("chat template, " + message);
    }

    /** Each of these would take all memory, all time or all of the stack. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(1000000000000) %}{% endfor %}",
                "{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}",
                "{{ 'x' * 1000000000000 }}",
                "{{ [0] * 1000000000 }}",
                "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=['x']) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
                "{% set ns = namespace(s=[]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s|tojson }}",
                "{% set ns = namespace(s=[]) %}{% for i in range(9999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s == [ns.s] }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(a) %}{{ caller() }}{% endmacro %}{% macro n() %}{% call m() %}{{ n() }}{% endcall %}{% endmacro %}{{ n() }}",
                "{{ ('x' * 1000000).replace('', 'y' * 1000000) }}",
                "{{ ('x' * 1000000) | replace('x', 'y' * 1000000) }}",
                "{{ ('y' * 1000000).join(['a'] * 100000) }}",
                "{{ ('\n' * 1000000) | indent(1000, true, true) }}",
                "{{ range(100000) | batch(300000000, 0) | list }}",
                "{{ range(3) | slice(2000000000) }}",
                "{% for i in range(1000000) %}{% set x = ('a' * 100000) | upper %}{% endfor %}",
                "{% for i in range(1000000) %}{{ ('a' * 100000) | length }}{% endfor %}",
                "{{ '%100000000s' % 1 }}",
            })
    void boundsWhatATemplateDoes(String template) {
        assertThatThrownBy(() -> render(template, Map.of())).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{'a':", "not ", "-", "a if b else ", "f(", "a[", "x is sameas ["})
    void boundsHowDeepATemplateNests(String piece) {
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ " + piece.repeat(100_000) + " }}"))
                .isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> JinjaTemplate.parse("{% if a %}".repeat(100_000)))
                .isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {" + 1", " ~ 1", ".a", "[0]", "|string", " and 1", " == 1", " is defined", "(1)"})
    void boundsLongChains(String piece) {
        String template = "{{ 1" + piece.repeat(100_000) + " }}";
        try {
            render(template, Map.of());
        } catch (TemplateException e) {
            assertThat(e).hasMessageContaining("chat template");
        }
    }

    @Test
    void reachesNothingOfJava() {
        for (String path : List.of("''.__class__", "''.getClass", "[].class", "messages.getClass()", "x.items.call")) {
            String template = "{{ (" + path + ") is defined }}{{ " + path + ".forName }}";
            assertThatThrownBy(() -> render(template, Map.of("messages", List.of(), "x", Map.of())))
                    .isInstanceOf(TemplateException.class);
        }
        assertThatThrownBy(() -> render("", Map.of("x", new Object())))
                .hasMessage(
                        "chat template: the input must be maps, lists, strings, numbers, booleans and null; got Object");
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThatThrownBy(() -> render("", Map.of("x", itself))).hasMessageContaining("holds itself");
    }

    @Test
    void aGenerationBlockInAMacroIsReportedAsLost() {
        Rendering rendering = JinjaTemplate.parse(
                        "{% macro m() %}{% generation %}x{% endgeneration %}{% endmacro %}{{ m() }}")
                .render(Map.of(), NOW, Limits.DEFAULT);
        assertThat(rendering).isEqualTo(new Rendering("x", List.of(), false));
    }
}
