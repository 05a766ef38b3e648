from pathlib import Path

import pytest

from fakebackend.reading.missing_file import IN_MITMPROXY
from fakebackend.reading.missing_file import no_such_file

CREATE = 'there is no such file: create it, for example {"GET": {"/user": {"name": "John"}}}, or name another with '


@pytest.mark.parametrize(
    ("beside", "name", "text"),
    [
        pytest.param("", "r.json", f"{CREATE}--set responsesfile=FILE", id="alone"),
        pytest.param("other.yaml", "r.json", f"{CREATE}--set responsesfile=FILE", id="beside-another"),
        pytest.param(
            "r.yaml",
            "r.json",
            "there is no such file, but r.yaml in {folder}: name that with --set responsesfile=r.yaml",
            id="yaml",
        ),
        pytest.param(
            "r.yml",
            "r.json",
            "there is no such file, but r.yml in {folder}: name that with --set responsesfile=r.yml",
            id="yml",
        ),
        pytest.param(
            "r.jsonc",
            "r.yaml",
            "there is no such file, but r.jsonc in {folder}: name that with --set responsesfile=r.jsonc",
            id="jsonc",
        ),
        pytest.param(
            "r.json",
            "my app/r.yaml",
            'there is no such file, but r.json in {folder}: name that with --set responsesfile="my app/r.json"',
            id="a-name-with-a-space",
        ),
    ],
)
def test_what_to_do_is_said(tmp_path: Path, beside: str, name: str, text: str) -> None:
    if beside:
        (tmp_path / beside).touch()
    path = str(tmp_path / Path(name).name)
    assert no_such_file(path, name, IN_MITMPROXY) == text.replace("{folder}", str(tmp_path))


def test_a_folder_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").mkdir()
    assert no_such_file(str(tmp_path / "r.json"), "r.json", "--file {}") == f"{CREATE}--file FILE"
