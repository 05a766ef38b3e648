import pytest

import fakebackend
from tests.conftest import invoke


def test_version() -> None:
    result = invoke("--version")
    assert result.exit_code == 0
    assert result.output.strip().endswith(fakebackend.__version__)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--help"], "run"), (["-h"], "run"), (["run", "--help"], "--ui [dump|console|web]")],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_help_says_what_there_is(arguments: list[str], said: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 0
    assert said in result.output
