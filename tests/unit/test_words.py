"""Every word of the format: known to the loader, and explained in the reference."""

from collections.abc import Container

import pytest

from fakebackend.answers.outcome import Fault
from fakebackend.format.file_keys import FILE_KEYS
from fakebackend.format.key_parsers import LIMIT_KEYS
from fakebackend.format.keys import RESERVED_KEYS
from fakebackend.matching.converters import CONVERTERS
from fakebackend.matching.value_patterns import OPERATORS
from fakebackend.matching.when import WHEN_PARTS
from fakebackend.reading.detect import SYNTAXES
from fakebackend.templating.globals import TEMPLATE_NAMES
from fakebackend.templating.steps import FILTERS
from fakebackend.templating.template_marks import EACH
from fakebackend.templating.template_marks import IF
from fakebackend.templating.template_marks import VALUE
from tests.markdown import REFERENCE
from tests.markdown import text_of

EXPLAINED = text_of(*REFERENCE)

WORDS: dict[str, tuple[str, Container[str]]] = {
    "endings of files": (".jsonc .yaml .yml", SYNTAXES),
    "top": ("$schema $include $base $defaults $before $state $unmatched", FILE_KEYS),
    "path parameters": ("int uuid path", CONVERTERS),
    "values": (
        "$status $headers $body $text $base64 $file $template $let $delay $fault $limit $by $when $probability $cases "
        "$sequence $repeat $set $forward $merge $handler $users $name $description",
        RESERVED_KEYS,
    ),
    "faults": ("close reset hang", [fault.value for fault in Fault]),
    "$limit": ("requests per answer", LIMIT_KEYS),
    "templated bodies": ("$each $if $value", (EACH, IF, VALUE)),
    "$when": ("query headers cookies path form files json text state session filter $or $and $not", WHEN_PARTS),
    "patterns": (
        "$exists $eq $ne $in $nin $regex $gt $gte $lt $lte $not $size $and $or $all $elemMatch $type",
        OPERATORS,
    ),
    "names in templates": (
        "request path query headers cookies form files json text state session now uuid random_int random_float "
        "random_choice random_string counter load jwt fake",
        TEMPLATE_NAMES,
    ),
    "filters": (
        "timestamp strftime b64encode b64decode hash hmac jwt_claims regex from_json tojson default",
        FILTERS,
    ),
}
"""The words of the format by where they stand, and what knows them."""

ALL = [
    pytest.param(place, word, id=f"{place}: {word}") for place, (words, _) in WORDS.items() for word in words.split()
]


@pytest.mark.parametrize(("place", "word"), ALL)
def test_a_word_is_known_and_explained(place: str, word: str) -> None:
    assert word in WORDS[place][1]
    assert (
        f"`{word}`" in EXPLAINED or f'`"{word}"`' in EXPLAINED or f"`{word}(" in EXPLAINED or f":{word}}}" in EXPLAINED
    )


@pytest.mark.parametrize(
    "word", ["$events", "$lines", "$chunks", "$interval", "$end", "$throttle", "$websocket", "$resource"]
)
def test_a_word_to_come_is_kept_free(word: str) -> None:
    assert word in RESERVED_KEYS


def test_a_word_that_is_none_any_longer_is_data() -> None:
    assert "$stream" not in RESERVED_KEYS
