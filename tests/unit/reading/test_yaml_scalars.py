import pytest

from fakebackend.reading.yaml_scalars import plain_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(text, None) for text in ("", "~", "null", "Null", "NULL")],
        *[(text, True) for text in ("true", "True", "TRUE")],
        *[(text, False) for text in ("false", "False", "FALSE")],
        *[("1", 1), ("-1", -1), ("+1", 1), ("007", 7), ("0o17", 15), ("0xFf", 255), ("1" * 308, int("1" * 308))],
        *[("1.5", 1.5), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-1.5E-1", -0.15), ("-0", 0), ("-0.0", -0.0)],
        *[
            (text, text)
            for text in ("no", "yes", "on", "tRUE", "nulL", "2001-12-14", "12:30:45", "1_000", "0b1", "0o8", "-0x1")
        ],
        *[(text, text) for text in ("-", "+", ".", "..", "-.", "1a", "a1", ".infinity", "٣")],
    ],
)
def test_scalars_are_what_the_core_schema_says_and_all_else_is_text(text: str, value: object) -> None:
    found = plain_value(text)
    assert (type(found), repr(found)) == (type(value), repr(value))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        *[
            (text, f"{text} is no JSON number; null or a string may stand for it")
            for text in (".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN")
        ],
        *[(text, "the number is outside the range of a double") for text in ("1e999", "-1e999", "9" * 400)],
        *[("0x" + "f" * 400, "the number is outside the range of a double"), ("9" * 5000, "the number is outside")],
    ],
)
def test_numbers_that_json_cannot_say_are_errors(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=error.replace(".", r"\.").replace("+", r"\+")):
        plain_value(text)
