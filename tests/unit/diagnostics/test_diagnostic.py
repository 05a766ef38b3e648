from collections.abc import Sequence

import pytest

from fakebackend.diagnostics.diagnostic import MOST_WRITTEN
from fakebackend.diagnostics.diagnostic import Diagnostic
from fakebackend.diagnostics.diagnostic import ResponsesFileError
from fakebackend.diagnostics.diagnostic import written_out
from fakebackend.diagnostics.location import Location


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        pytest.param(Diagnostic(Location("a", 1, 2), "GET /x", "is odd"), "a:1:2: GET /x: is odd", id="entry"),
        pytest.param(Diagnostic(Location("a", 1, 2), "", "is odd"), "a:1:2: is odd", id="no-entry"),
        pytest.param(Diagnostic(Location("a\n"), "\x1b[31m", "\ud800"), r"a\n: \x1b[31m: \ud800", id="unsafe"),
    ],
)
def test_a_problem_names_place_and_entry_on_one_safe_line(problem: Diagnostic, text: str) -> None:
    assert str(problem) == text


def test_an_error_of_a_file_lists_all_problems() -> None:
    problems = [Diagnostic(Location("a", line), "", "no") for line in (1, 2)]
    error = ResponsesFileError(iter(problems))
    assert error.errors == tuple(problems)
    assert str(error) == "a:1: no\na:2: no"


def diagnostics(count: int) -> list[Diagnostic]:
    return [Diagnostic(Location("a", line), "", "no") for line in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "last"),
    [
        pytest.param(0, [], id="none"),
        pytest.param(1, [], id="one"),
        pytest.param(MOST_WRITTEN, [], id="exactly-as-many-as-are-written"),
        pytest.param(MOST_WRITTEN + 1, ["and 1 more"], id="one-more"),
        pytest.param(20_000, ["and 19,900 more"], id="20,000"),
    ],
)
def test_a_hundred_are_written_out_and_of_the_others_their_number(count: int, last: Sequence[str]) -> None:
    found = diagnostics(count)
    lines = [*map(str, found[:100]), *last]
    assert list(written_out(found)) == lines
    error = ResponsesFileError(found)
    assert str(error) == "\n".join(lines)
    assert len(error.errors) == count


def test_warnings_are_kept_beside_the_errors_and_are_no_part_of_the_text() -> None:
    [error, warning] = diagnostics(2)
    raised = ResponsesFileError([error], iter([warning]))
    assert (raised.errors, raised.warnings, str(raised)) == ((error,), (warning,), "a:1: no")
