"""The reserved keys of a definition: each is one record, and this is the list of them all."""

from fakebackend.answers.delay import parse_delay
from fakebackend.answers.head import parse_headers_template
from fakebackend.answers.head import parse_status
from fakebackend.answers.head import parse_status_template
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.diagnostics.json_schema import ref
from fakebackend.format.answering_keys import ANSWERING_KEYS
from fakebackend.format.key_parsers import LIMIT_KEYS
from fakebackend.format.key_parsers import parse_by
from fakebackend.format.key_parsers import parse_flag
from fakebackend.format.key_parsers import parse_let
from fakebackend.format.key_parsers import parse_limit
from fakebackend.format.key_parsers import parse_name
from fakebackend.format.key_parsers import parse_probability
from fakebackend.format.key_parsers import parse_set
from fakebackend.format.key_parsers import parse_text
from fakebackend.format.reserved_key import ReservedKey
from fakebackend.format.reserved_key import unsupported
from fakebackend.format.shapes import DELAY
from fakebackend.format.shapes import FLAG
from fakebackend.format.shapes import HEADERS
from fakebackend.format.shapes import NAMED_DATA
from fakebackend.format.shapes import TEMPLATE
from fakebackend.format.shapes import TEXT
from fakebackend.matching.when import parse_when
from fakebackend.messages.header_fields import parse_header_fields

RESERVED_KEYS = {
    key.name: key
    for key in (
        *ANSWERING_KEYS,
        ReservedKey(
            "$status",
            ref("status"),
            lambda value, scope: parse_status_template(value, scope) if scope.on else parse_status(value),
            Hover("Status code", "The status of the answer, from 200 to 599. Without it the status is 200.", (404,)),
            inherited=True,
        ),
        ReservedKey(
            "$headers",
            HEADERS,
            lambda value, scope: parse_headers_template(value, scope) if scope.on else parse_header_fields(value),
            Hover(
                "Header fields",
                "Names and values. A list repeats a header, null removes one that would be there without it.",
                ({"Location": "/users/7"},),
            ),
            inherited=True,
        ),
        ReservedKey(
            "$template",
            FLAG,
            parse_flag("$template"),
            Hover(
                "Templates",
                "With true the strings of this definition are Jinja2 templates, those of the values inside it, too.",
            ),
            inherited=True,
        ),
        ReservedKey(
            "$delay",
            DELAY,
            lambda value, _: parse_delay(value),
            Hover(
                "Delay",
                "How long the answer takes. Of two times each request gets one between them, by chance.",
                ("200ms", ["100ms", "2s"]),
            ),
            inherited=True,
        ),
        ReservedKey(
            "$when",
            ref("when"),
            parse_when,
            Hover(
                "Conditions",
                "What is asked of a request; all of it must hold, else the next candidate is tried.",
                ({"query": {"page": 2}}, {"json": {"user": "ann"}}),
            ),
        ),
        ReservedKey(
            "$probability",
            {"type": "number", "minimum": 0, "maximum": 1},
            parse_probability,
            Hover("Probability", "The share of requests, from 0 to 1, for which this is there at all.", (0.1,)),
        ),
        ReservedKey(
            "$set",
            NAMED_DATA,
            parse_set,
            Hover(
                "State",
                "State variables that are set once this answer is chosen; its body sees them.",
                ({"user": "ann"},),
            ),
            inherited=True,
        ),
        ReservedKey(
            "$let",
            {**NAMED_DATA, "propertyNames": ref("ownName")},
            parse_let,
            Hover(
                "Names",
                "Names for values, seen by all templates of this definition and inside it.",
                ({"size": "{{ query.size | default(10) | int }}"},),
            ),
        ),
        ReservedKey(
            "$by",
            TEMPLATE,
            parse_by,
            Hover(
                "Counted apart",
                "A template: $sequence, $limit and counter() count apart for each value that it has.",
                ("{{ path.id }}",),
            ),
        ),
        ReservedKey(
            "$limit",
            {
                "type": "object",
                "properties": {name: key.hover.over(key.schema) for name, key in LIMIT_KEYS.items()},
                "required": ["requests", "per"],
                "additionalProperties": False,
            },
            parse_limit,
            Hover(
                "Limit",
                "So many requests in a stretch of time; those above it are answered 429.",
                ({"requests": 5, "per": "1m"},),
            ),
        ),
        ReservedKey(
            "$name",
            TEXT,
            parse_name,
            Hover("Name", "What this is called in the log, in lists and in explanations.", ("one user",)),
        ),
        ReservedKey(
            "$description", TEXT, parse_text("$description"), Hover("Description", "A note for whoever reads the file.")
        ),
        *map(unsupported, ("$events", "$lines", "$chunks", "$websocket", "$resource")),
        *map(unsupported, ("$interval", "$end", "$throttle")),
    )
}
"""Every key that a definition may have, by name."""

EXCLUSIVE_KEYS = frozenset(key.name for key in RESERVED_KEYS.values() if key.make is not None)
"""Keys that each say on their own what is answered."""

COMPANIONS = {key.name: key.companion for key in RESERVED_KEYS.values() if key.companion is not None}
"""Keys that mean something only beside another one."""

INHERITED_KEYS = frozenset(key.name for key in RESERVED_KEYS.values() if key.inherited)
"""Keys that hold for all that stands inside, too."""
