import pytest
from click.testing import CliRunner

from fakebackend.cli import colours
from fakebackend.cli.main import main


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        pytest.param("GET /a", "", id="request"),
        pytest.param("✓ GET /a (f:1) answers 200", "\x1b[32m\x1b[1m", id="winner"),
        pytest.param("✓ GET /a (f:1) would, but is less specific", "\x1b[32m\x1b[22m", id="another"),
        pytest.param("    ✗ $when.query.x", "\x1b[31m\x1b[22m", id="condition"),
        pytest.param("    · case 2 is not reached", "\x1b[90m\x1b[22m", id="not-reached"),
    ],
)
def test_lines_have_the_colour_of_their_mark(line: str, codes: str) -> None:
    assert colours.marked(line) == (f"{codes}{line}\x1b[0m" if codes else line)


@pytest.mark.parametrize(
    ("no_color", "is_terminal", "coloured"),
    [
        pytest.param("", True, True, id="terminal"),
        pytest.param("", False, False, id="piped"),
        pytest.param("1", True, False, id="no-color"),
    ],
)
def test_there_are_colours_on_a_terminal_only(
    folder: object, monkeypatch: pytest.MonkeyPatch, no_color: str, is_terminal: bool, coloured: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    CliRunner().invoke(main, ["init"])
    for arguments in (["check"], ["routes"], ["explain", "/users"]):
        result = CliRunner().invoke(main, arguments, color=is_terminal)
        assert ("\x1b[" in result.output) is coloured
