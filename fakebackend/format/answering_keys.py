"""The reserved keys that say what is answered, and their companions, a record each."""

from fakebackend.answers.forward_target import parse_forward
from fakebackend.answers.outcome import Fault
from fakebackend.diagnostics.json_schema import Hover
from fakebackend.format.key_parsers import parse_body
from fakebackend.format.key_parsers import parse_list
from fakebackend.format.key_parsers import parse_text
from fakebackend.format.key_parsers import parse_users
from fakebackend.format.key_parsers import parse_word
from fakebackend.format.makers import GUARDS
from fakebackend.format.makers import make_body
from fakebackend.format.makers import make_cases
from fakebackend.format.makers import make_fault
from fakebackend.format.makers import make_file
from fakebackend.format.makers import make_forward
from fakebackend.format.makers import make_handler
from fakebackend.format.makers import make_sequence
from fakebackend.format.reserved_key import ReservedKey
from fakebackend.format.shapes import DATA
from fakebackend.format.shapes import FILE_NAME
from fakebackend.format.shapes import FORWARD_KEYS
from fakebackend.format.shapes import HANDLER
from fakebackend.format.shapes import TARGET
from fakebackend.format.shapes import TEXT
from fakebackend.format.shapes import VALUES
from fakebackend.templating.compile_templates import compile_templates

ANSWERING_KEYS = (
    ReservedKey(
        "$body",
        DATA,
        parse_body("$body"),
        Hover("JSON body", "Any JSON value, sent as application/json.", ({"error": "no such user"},)),
        make=make_body,
    ),
    ReservedKey(
        "$text",
        TEXT,
        parse_body("$text"),
        Hover("Text body", "A string, sent as text/plain in UTF-8.", ("pong",)),
        make=make_body,
    ),
    ReservedKey(
        "$base64",
        TEXT,
        parse_body("$base64"),
        Hover("Body of bytes", "Bytes in base64, sent as application/octet-stream.", ("AP8=",)),
        make=make_body,
    ),
    ReservedKey(
        "$file",
        FILE_NAME,
        lambda value, _: value,
        Hover(
            "Body from a file",
            "A file relative to this one; its type is known by its name. {name} is filled in from the path's "
            "parameters.",
            ("fixtures/report.pdf", "public/{rest}"),
        ),
        make=make_file,
    ),
    ReservedKey(
        "$fault",
        {"enum": [fault.value for fault in Fault]},
        lambda value, scope: Fault(parse_word("$fault", tuple(fault.value for fault in Fault))(value, scope)),
        Hover(
            "No answer",
            "close ends the connection without an answer, reset breaks it off as a crash does, hang never answers.",
        ),
        make=make_fault,
    ),
    ReservedKey(
        "$cases",
        VALUES,
        parse_list("$cases"),
        Hover(
            "Cases",
            "Values tried in their order: the first whose conditions hold answers.",
            ([{"$when": {"query": {"page": 2}}, "$body": []}, {"$status": 404}],),
        ),
        make=make_cases,
    ),
    ReservedKey(
        "$sequence",
        {**VALUES, "items": {"allOf": [VALUES["items"], {"properties": dict.fromkeys(GUARDS, False)}]}},
        parse_list("$sequence"),
        Hover(
            "Sequence",
            "Values that answer one request each, in their order.",
            ([{"$status": 503}, {"ok": True}],),
        ),
        make=make_sequence,
    ),
    ReservedKey(
        "$repeat",
        {"enum": ["last", "cycle", "stop"]},
        parse_word("$repeat", ("last", "cycle", "stop")),
        Hover(
            "Behind the sequence",
            "What comes behind the last value: it again, all of them anew, or no answer from this entry.",
        ),
        companion="$sequence",
    ),
    ReservedKey(
        "$forward",
        {
            **TARGET,
            "type": ["boolean", "string", "object"],
            "not": {"const": False},
            "properties": {key.name: key.hover.over(key.schema) for key in FORWARD_KEYS},
            "additionalProperties": False,
            "minProperties": 1,
        },
        parse_forward,
        Hover(
            "Forward",
            "Asks the real server (true), or another one, also by another path and with other headers.",
            (True, "https://host/v2/{rest}", {"to": "https://host", "headers": {"Cookie": None}}),
        ),
        make=make_forward,
    ),
    ReservedKey(
        "$merge",
        DATA,
        lambda value, scope: compile_templates(value, scope) if scope.on else value,
        Hover(
            "Merge patch",
            "A JSON Merge Patch (RFC 7396) on the real server's answer; null removes a member.",
            ({"beta": True, "ads": None},),
        ),
        companion="$forward",
    ),
    ReservedKey(
        "$handler",
        HANDLER,
        parse_text("$handler"),
        Hover(
            "Handler",
            "A function of a Python file beside this one that makes the answer, or the name of a built-in handler.",
            ("echo", "handlers.py:answer"),
        ),
        make=make_handler,
    ),
    ReservedKey(
        "$users",
        {"type": "object", "additionalProperties": TEXT},
        parse_users,
        Hover("Users", "User names and their passwords, for the handler login.", ({"ann": "secret"},)),
        companion="$handler",
    ),
)
"""Each says on its own what is answered, or stands beside one that does."""
