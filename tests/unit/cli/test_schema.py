from pathlib import Path

import fakebackend
from tests.conftest import invoke


def test_it_prints_the_file_of_the_package() -> None:
    result = invoke("schema")
    assert result.exit_code == 0
    assert result.stdout_bytes == Path(fakebackend.__file__).with_name("responses.schema.json").read_bytes()
