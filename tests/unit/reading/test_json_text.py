from typing import Any

import pytest

from fakebackend.messages.multidict import MultiDict
from fakebackend.reading import json_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"a": [1, 2.5, None, True], "b": {}}, '{"a": [1, 2.5, null, true], "b": {}}', id="spacing"),
        pytest.param(
            {"q": MultiDict([("a", "1"), ("a", "2")])}, '{"q": {"a": "1"}}', id="query-that-a-handler-returns"
        ),
        pytest.param('ü\u2028\n"', '"ü\u2028\\n\\""', id="characters-as-they-are"),
    ],
)
def test_a_value_stands_on_one_line(monkeypatch: pytest.MonkeyPatch, value: Any, text: str) -> None:
    assert json_text.json_text(value) == text
    monkeypatch.setattr(json_text, "_make_encoder", None)
    assert json_text.json_text(value) == text


@pytest.mark.parametrize(
    ("value", "error"),
    [pytest.param(float("nan"), ValueError, id="nan"), pytest.param({1, 2}, TypeError, id="set")],
)
def test_what_is_no_json_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        json_text.json_text(value)
