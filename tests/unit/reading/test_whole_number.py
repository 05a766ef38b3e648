from typing import Any

import pytest

from fakebackend.reading.whole_number import whole_number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(3, 3, id="integer"),
        pytest.param(3.0, 3, id="float"),
        pytest.param(-0.0, 0, id="negative-zero"),
        pytest.param(3.5, None, id="fraction"),
        pytest.param(float("inf"), None, id="infinity"),
        pytest.param(True, None, id="boolean"),
        pytest.param("3", None, id="text"),
        pytest.param(None, None, id="null"),
    ],
)
def test_a_number_without_a_fraction_is_whole_however_it_is_written(value: Any, expected: int | None) -> None:
    found = whole_number(value)
    assert found == expected
    assert found is None or type(found) is int
