import pytest
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.error import StringMark

from fakebackend.reading.yaml_document import YamlDocument
from fakebackend.reading.yaml_remedies import explained


def problem(text: str) -> str:
    """Return the one thing that is wrong with a text, with its place."""
    [error] = YamlDocument(text, "f").errors
    return str(error)


BEHIND = 'nothing may stand behind the closing " of a string; a " inside is written \\"'
MISPLACED = 'this line fits none above it: keys of one mapping are indented alike, and none stands beside a "- "'
NO_KEY = 'no key can stand here: the line above has its value already or lacks a ":", check the indentation'
TOO_LONG = 'a key of more than 1,024 characters is written "? key", and its value ": value" on the next line'
ENDED = "the value ends before this; as one text, all of it needs quotes"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("*: 1", 'f:1:1: "*" needs quotes in YAML: "*":', id="star-as-key"),
        pytest.param(
            "GET:\n  /a: 1\n*:\n  /b: 2\n", 'f:3:1: "*" needs quotes in YAML: "*":', id="star-as-key-above-a-mapping"
        ),
        pytest.param("* /a: 1", 'f:1:1: "* /a" needs quotes in YAML: "* /a":', id="star-and-path"),
        pytest.param("a: {*: 1}", 'f:1:5: "*" needs quotes in YAML: "*":', id="star-in-braces"),
        pytest.param("a: *\n", 'f:1:4: "*" needs quotes in YAML', id="star"),
        pytest.param("a: * b", 'f:1:4: "* b" needs quotes in YAML', id="star-and-text"),
        pytest.param("a: [*, b]", 'f:1:5: "*" needs quotes in YAML', id="star-in-brackets"),
        pytest.param("a: *.json # c", 'f:1:4: "*.json" needs quotes in YAML', id="glob"),
        pytest.param("a: *b*", 'f:1:4: "*b*" needs quotes in YAML', id="emphasis"),
        pytest.param("*", 'f:1:1: "*" needs quotes in YAML', id="star-alone"),
        pytest.param(
            "/a:\n  name: {{ path.id }}\n  b: 1", 'f:2:9: "{{ path.id }}" needs quotes in YAML', id="template"
        ),
        pytest.param("a: {{ x }}, y # z", 'f:1:4: "{{ x }}, y" needs quotes in YAML', id="template-and-text"),
        pytest.param("a: {{ x }}:", 'f:1:4: "{{ x }}:" needs quotes in YAML', id="template-and-colon"),
        pytest.param("- {{ x }}", 'f:1:3: "{{ x }}" needs quotes in YAML', id="template-in-a-list"),
        pytest.param("a: [b, {{ x }}, {{ y }}]", 'f:1:8: "{{ x }}" needs quotes in YAML', id="templates-in-brackets"),
        pytest.param("a: {b: {{ x }}, c: 1}", 'f:1:8: "{{ x }}" needs quotes in YAML', id="template-in-braces"),
        pytest.param('{"a": {{ x }}}', 'f:1:7: "{{ x }}" needs quotes in YAML', id="template-in-json"),
        pytest.param("{{ x }}: 1", 'f:1:1: "{{ x }}" needs quotes in YAML: "{{ x }}":', id="template-as-key"),
        pytest.param("{{ x }}", 'f:1:1: "{{ x }}" needs quotes in YAML', id="template-alone"),
        pytest.param("/a:\n  b: c: d\n", 'f:2:6: "c: d" needs quotes in YAML', id="colon"),
        pytest.param("- - b: c: d", 'f:1:8: "c: d" needs quotes in YAML', id="colon-in-a-list"),
        pytest.param("a: b:\n  c: d", 'f:1:4: "b:" needs quotes in YAML', id="colon-at-the-end"),
        pytest.param("a: http://x: y", 'f:1:4: "http://x: y" needs quotes in YAML', id="colon-in-a-url"),
        pytest.param("'a: b': c: d", 'f:1:9: "c: d" needs quotes in YAML', id="colon-behind-a-quoted-key"),
        pytest.param("a: @b", 'f:1:4: "@b" needs quotes in YAML', id="at"),
        pytest.param("- @b", 'f:1:3: "@b" needs quotes in YAML', id="at-in-a-list"),
        pytest.param("a: [@b, c]", 'f:1:5: "@b" needs quotes in YAML', id="at-in-brackets"),
        pytest.param("{\n  a: @b,\n  c: 1}", 'f:2:6: "@b" needs quotes in YAML', id="at-before-a-comma"),
        pytest.param("@a: 1", 'f:1:1: "@a" needs quotes in YAML: "@a":', id="at-as-key"),
        pytest.param("a: `b`", 'f:1:4: "`b`" needs quotes in YAML', id="backtick"),
        pytest.param("a: %b", 'f:1:4: "%b" needs quotes in YAML', id="percent"),
        pytest.param("a: 1\n%b: 2", 'f:2:1: "%b" needs quotes in YAML: "%b":', id="percent-line"),
        pytest.param("%a b", 'f:1:1: "%a b" needs quotes in YAML', id="percent-first"),
        pytest.param("a: , b", "f:1:4: expected a value, got ',', which needs quotes as text", id="comma"),
        pytest.param(
            '{"a": 1,, "b": 2}', "f:1:9: expected a value, got ',', which needs quotes as text", id="comma-twice"
        ),
        pytest.param("a: ? b", 'f:1:4: "? b" needs quotes in YAML', id="question-mark"),
        pytest.param("a: |x", 'f:1:4: "|x" needs quotes in YAML', id="pipe"),
        pytest.param("a: & b", 'f:1:4: "& b" needs quotes in YAML', id="ampersand"),
        pytest.param("a: !<x", 'f:1:4: "!<x" needs quotes in YAML', id="open-tag"),
        pytest.param("a: !!<", 'f:1:4: "!!<" needs quotes in YAML', id="no-tag"),
        pytest.param("a: !x!y z", 'f:1:4: "!x!y z" needs quotes in YAML', id="tag-handle"),
        pytest.param("a: - b", 'f:1:4: "- " begins a list on a line of its own; as text it needs quotes', id="dash"),
        pytest.param(
            "a: *x", "f:1:4: there is no anchor &x before this alias; text that begins so needs quotes", id="alias"
        ),
        pytest.param("!a: 1", "f:1:1: tags are not supported, got !a:; text that begins so needs quotes", id="tag"),
    ],
)
def test_text_that_means_something_else_without_quotes(text: str, expected: str) -> None:
    assert problem(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a:\n\tb: 1", "f:2:1: tabs are no indentation in YAML, use spaces", id="indentation"),
        pytest.param("\ta: 1", "f:1:1: tabs are no indentation in YAML, use spaces", id="first-line"),
        pytest.param("a:\n \tb: 1", "f:2:2: tabs are no indentation in YAML, use spaces", id="behind-spaces"),
        pytest.param("a:\n  - b\n\t- c", "f:3:1: tabs are no indentation in YAML, use spaces", id="before-a-dash"),
        pytest.param("a: |\n\tb", "f:2:1: tabs are no indentation in YAML, use spaces", id="in-a-block"),
        pytest.param("a: b\r\n\tc: d", "f:2:1: tabs are no indentation in YAML, use spaces", id="crlf"),
        pytest.param("a: 1\t", "f:1:5: a tab cannot stand here in YAML, use spaces", id="behind-a-value"),
        pytest.param("a:\t1", "f:1:3: a tab cannot stand here in YAML, use spaces", id="behind-a-colon"),
        pytest.param("a: !!x\t1", "f:1:7: a tab cannot stand here in YAML, use spaces", id="behind-a-tag"),
    ],
)
def test_tabs_are_to_be_spaces(text: str, expected: str) -> None:
    assert problem(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('a: "x\nb: 1\nc: 2\n', 'f:1:4: a string has no closing "', id="open"),
        pytest.param("a: 'x\nb: 1", "f:1:4: a string has no closing '", id="open-single"),
        pytest.param('"a: 1', 'f:1:1: a string has no closing "', id="open-key"),
        pytest.param('a: {b: "c}\n', 'f:1:8: a string has no closing "', id="open-in-braces"),
        pytest.param('a: "x\n---\n"', 'f:1:4: a string has no closing "', id="open-up-to-a-document"),
        pytest.param(
            'a: 1\nb: "x\n\nc: \'d\'\ne: "f"\n',
            'f:2:4: the string that begins here ends only in line 5: its closing " is missing',
            id="closed-by-the-next",
        ),
        pytest.param(
            "a: 'don't'",
            "f:1:9: nothing may stand behind the closing ' of a string; a ' inside is written ''",
            id="inside",
        ),
        pytest.param('a: "x" y', f"f:1:8: {BEHIND}", id="behind"),
        pytest.param('a: "x": 1', f"f:1:7: {BEHIND}", id="colon-behind"),
        pytest.param('"a" "b": 1', f"f:1:5: {BEHIND}", id="key-behind"),
        pytest.param(
            'a: "\\q"',
            "f:1:5: \\q is no escape: write \\\\ for a backslash, or put the string in single quotes",
            id="escape",
        ),
        pytest.param(
            'a: "\\x4"', "f:1:7: an escape lacks hexadecimal digits: \\x takes two, \\u four and \\U eight", id="hex"
        ),
    ],
)
def test_a_mistake_in_quotes_is_reported_where_it_is_and_not_where_it_shows(text: str, expected: str) -> None:
    assert problem(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a:\n  b: [1", 'f:2:6: "[" has no closing "]"', id="open-list"),
        pytest.param("a: [", "f:1:5: expected a value, the file ends here", id="open-list-at-the-end"),
        pytest.param("a: {b: 1\n", 'f:1:4: "{" has no closing "}"', id="open-braces"),
        pytest.param(
            "a: [1\nb: 2\n", 'f:2:2: expected "," or the "]" of the "[" in line 1, got \':\'', id="key-inside-a-list"
        ),
        pytest.param("a: {b: c/{d}}", 'f:1:8: "c/{d}" needs quotes in YAML', id="parameter-in-a-mapping"),
        pytest.param("a: [x, b/{c:int}.d, e]", 'f:1:8: "b/{c:int}.d" needs quotes in YAML', id="parameter-in-a-list"),
        pytest.param("a: [1, 2}", 'f:1:9: expected "," or the "]" of the "[" in line 1, got \'}\'', id="other-bracket"),
        pytest.param(
            '{"a": 1 "b": 2}', 'f:1:12: expected "," or the "}" of the "{" in line 1, got \':\'', id="no-comma"
        ),
        pytest.param(
            'a: ["x" y]',
            'f:1:9: expected "," or the "]" of the "[" in line 1, got \'y\'',
            id="no-comma-behind-a-string",
        ),
        pytest.param("a: {b: 1}}", 'f:1:10: "}" closes nothing that is open here', id="closed-twice"),
        pytest.param("a: [a, b] c", f"f:1:11: {ENDED}", id="value-behind-a-list"),
        pytest.param("a: &x &y b", f"f:1:7: {ENDED}", id="two-anchors"),
        pytest.param("a:\n  b: 1\n c: 2", f"f:3:2: {MISPLACED}", id="between-two-indentations"),
        pytest.param("  a: 1\nb: 2", f"f:2:1: {MISPLACED}", id="less-than-the-first-line"),
        pytest.param("- a\nb: 1", f"f:2:1: {MISPLACED}", id="mapping-behind-a-list"),
        pytest.param("a: 1\n- b", f"f:2:1: {MISPLACED}", id="list-behind-a-mapping"),
        pytest.param("a: 1\n  b: 2", f"f:2:3: {NO_KEY}", id="deeper-below-a-value"),
        pytest.param("a\nb: 1", f"f:2:1: {NO_KEY}", id="line-before-lacks-a-colon"),
        pytest.param("a: 1\nb\nc: 2", 'f:2:1: this line lacks a ":", as every key has one', id="lacks-a-colon"),
        pytest.param(
            "a: |\n  \n    b",
            "f:3:5: a blank line before the text holds fewer spaces than the text: take them out",
            id="blank-line",
        ),
        pytest.param("k" * 1100 + ": 1", f"f:1:1: {TOO_LONG}", id="long-key"),
        pytest.param("a: 1\n" + "k" * 1100 + ": 1", f"f:2:1: {TOO_LONG}", id="long-key-behind-another"),
        pytest.param('"' + "k" * 1100 + '": 1', f"f:1:1: {TOO_LONG}", id="long-quoted-key"),
        pytest.param("%YAML 2.0\n---\na: 1", "f:1:1: the file must be in YAML 1.2", id="version"),
        pytest.param("? [a]\n: 1", "f:1:3: a key must be text", id="list-as-key"),
        pytest.param("{{a: 1}: 2}", "f:1:2: a key must be text", id="mapping-as-key"),
        pytest.param(
            "a: \x1b",
            "f:1:4: YAML does not allow the character U+001B; in double quotes it is \\u001B",
            id="control-character",
        ),
    ],
)
def test_what_does_not_fit_together(text: str, expected: str) -> None:
    assert problem(text) == expected


@pytest.mark.parametrize(
    ("mark", "offset"),
    [pytest.param(StringMark("", 3, 0, 3, None, 3), 3, id="marked"), pytest.param(None, None, id="nowhere")],
)
def test_what_is_not_known_is_told_in_the_words_of_the_parser(mark: StringMark | None, offset: int | None) -> None:
    error = MarkedYAMLError(problem="found something", problem_mark=mark)
    assert explained("a: b", error, None) == (offset, "found something")
