from pathlib import Path

import pytest

from fakebackend.reading.near_file import near_file


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("dtaa.json", ', did you mean "data.json"?', id="slip"),
        pytest.param("other.txt", "", id="nothing-like-it"),
        pytest.param("data.json", "", id="itself"),
        pytest.param("none/data.json", "; there is no folder none", id="no-folder"),
    ],
)
def test_a_file_that_is_nearly_called_so_is_named(folder: Path, name: str, hint: str) -> None:
    (folder / "data.json").touch()
    assert near_file(str(folder / name)) == near_file(name) == hint
