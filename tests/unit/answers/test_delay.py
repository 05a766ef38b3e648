import random
from typing import Any

import pytest

from fakebackend.answers.delay import Delay
from fakebackend.answers.delay import parse_delay
from fakebackend.answers.delay import parse_duration
from fakebackend.diagnostics.validation_error import ValidationError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("200ms", 0.2, id="milliseconds"),
        pytest.param("2m", 120.0, id="minutes"),
        pytest.param("1.5 h", 5400.0, id="hours"),
        pytest.param("1.5s", 1.5, id="fraction"),
        pytest.param(".5s", 0.5, id="no-leading-zero"),
        pytest.param("0s", 0.0, id="none"),
        pytest.param("2 s", 2.0, id="a-space-before-the-unit"),
        pytest.param("86400s", 86400.0, id="a-day"),
    ],
)
def test_a_fixed_delay_is_always_the_same(text: str, seconds: float) -> None:
    delay = parse_delay(text)
    assert delay == Delay(seconds, seconds)
    assert delay.seconds(random.Random()) == seconds


def test_a_range_is_drawn_from_uniformly_by_the_given_chance() -> None:
    delay = parse_delay(["100ms", "2s"])
    assert delay == Delay(0.1, 2.0)
    drawn = [delay.seconds(random.Random(seed)) for seed in range(200)]
    assert all(0.1 <= seconds <= 2.0 for seconds in drawn)
    assert min(drawn) < 0.3
    assert max(drawn) > 1.8
    assert delay.seconds(random.Random(5)) == delay.seconds(random.Random(5))


def test_a_fixed_delay_uses_no_chance_up() -> None:
    chance = random.Random(1)
    Delay(1.0, 1.0).seconds(chance)
    assert chance.random() == random.Random(1).random()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(2, '$delay needs a unit, got 2: did you mean "2s" or "2ms"?', id="bare-integer"),
        pytest.param(1.5, '$delay needs a unit, got 1.5: did you mean "1.5s" or "1.5ms"?', id="bare-float"),
        pytest.param(
            "2", '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got "2"', id="digits-without-a-unit"
        ),
        pytest.param("2d", '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got "2d"', id="unknown-unit"),
        pytest.param("25h", '$delay must not be longer than a day, got "25h"', id="more-than-a-day"),
        pytest.param("-1s", '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got "-1s"', id="negative"),
        pytest.param("1s\n", '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got "1s\\n"', id="line-end"),
        pytest.param("٢s", '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got "٢s"', id="other-digits"),
        pytest.param(True, '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got true', id="boolean"),
        pytest.param(None, '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got null', id="null"),
        pytest.param(["1s"], '$delay must be like "200ms", "1.5s" or ["100ms", "2s"], got ["1s"]', id="one-end"),
        pytest.param([1, "2s"], '$delay needs a unit, got 1: did you mean "1s" or "1ms"?', id="bare-in-range"),
        pytest.param(
            ["2s", "100ms"], '$delay goes from the shorter to the longer, got ["2s", "100ms"]', id="range-backwards"
        ),
        pytest.param("86401s", '$delay must not be longer than a day, got "86401s"', id="more-than-a-day"),
        pytest.param("9" * 400 + "s", "$delay must not be longer than a day", id="infinite"),
    ],
)
def test_what_is_no_delay_is_refused(value: Any, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_delay(value)
    assert str(caught.value).startswith(text)


def test_an_option_is_refused_under_its_own_name() -> None:
    with pytest.raises(ValidationError) as caught:
        parse_duration("soon", "responses_delay", '"200ms"')
    assert str(caught.value) == 'responses_delay must be like "200ms", got "soon"'
