import datetime
import json
from typing import Any

import pytest

from fakebackend.messages.encoded_json import encoded_json


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param({"a": [1, None, "ü😀"]}, '{"a": [1, null, "ü😀"]}'.encode(), id="json"),
        pytest.param("\ud800", b'"\\ud800"', id="lone-surrogate"),
        pytest.param(["\ud800", datetime.date(2020, 1, 2)], b'["\\ud800", "2020-01-02"]', id="both"),
        pytest.param(datetime.date(2020, 1, 2), b'"2020-01-02"', id="what-json-does-not-know"),
    ],
)
def test_any_value_is_written_as_json(value: Any, written: bytes) -> None:
    assert encoded_json(value) == written
    assert json.loads(written) is not None
