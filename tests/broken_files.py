"""A corpus of broken and borderline responses files, the same for every way in which a file is read."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Make = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """One file: how to make it, and what must come of it.

    `error` is in the message of a file that cannot be used; without it the file is usable and GET /a, if it
    has that, is answered with `body`. `skip` is why it cannot be made here.
    """

    id: str
    name: str
    make: Make
    error: str = ""
    body: str = ""
    skip: str = ""

    def make_in(self, folder: Path) -> Path:
        """Make the file and return its path."""
        path = folder / self.name
        path.unlink(missing_ok=True)
        self.make(path)
        return path

    @property
    def is_usable(self) -> bool:
        return not self.error


def _bytes(content: bytes | str) -> Make:
    data = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(data)


def _no_permission(path: Path) -> None:
    path.write_text("{}")
    path.chmod(0)


def _broken(name: str, case: str, content: bytes | str | Make, error: str, skip: str = "") -> BrokenFile:
    return BrokenFile(case, name, content if callable(content) else _bytes(content), error=error, skip=skip)


def json_error(case: str, content: bytes | str, error: str) -> BrokenFile:
    return _broken("r.json", f"json-{case}", content, error)


def json_value(case: str, value: str, error: str) -> BrokenFile:
    """Return a file that is right but for the value of GET /a, which starts at column 14."""
    return json_error(case, f'{{"GET":{{"/a":{value}}}}}', error)


def yaml_error(case: str, content: bytes | str, error: str) -> BrokenFile:
    return _broken("r.yaml", f"yaml-{case}", content, error)


def usable(name: str, case: str, content: bytes | str, body: str = "") -> BrokenFile:
    return BrokenFile(f"{name[2:]}-{case}", name, _bytes(content), body=body)


def _nested(depth: int, opening: str = "[", inner: str = "", closing: str = "]") -> str:
    return opening * depth + inner + closing * depth


_LAUGHS = "\n".join(
    ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    + [
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
)

NO_FILES = [
    _broken("r.json", "missing", lambda _: None, "r.json: there is no such file: create it, for example {"),
    _broken("r.json", "folder", lambda path: path.mkdir(), "r.json: is a folder, expected a file"),
    _broken(
        "r.json",
        "fifo",
        os.mkfifo,
        "r.json: cannot be read: is no regular file",
        skip="Windows has no FIFOs in the file system" if sys.platform == "win32" else "",
    ),
    _broken(
        "r.json",
        "no-permission",
        _no_permission,
        "r.json: cannot be read: permission denied",
        skip="" if hasattr(os, "geteuid") and os.geteuid() else "root may read every file",
    ),
    _broken("r.json", "dangling-link", lambda path: path.symlink_to("nowhere"), "r.json: there is no such file"),
    _broken("r.json", "link-to-itself", lambda path: path.symlink_to(path), "r.json: cannot be read: "),
]

ENCODINGS = [
    json_error("utf-16", '{"GET":{}}'.encode("utf-16"), "r.json: the file must be UTF-8, this looks like UTF-16"),
    json_error("utf-16-no-mark", '{"GET":{}}'.encode("utf-16-le"), r"r.json:1:2: expected a key in double quotes"),
    json_error("utf-32", '{"GET":{}}'.encode("utf-32"), "r.json: the file must be UTF-8"),
    json_error("latin-1", '{"GET":{"/ä":1}}'.encode("latin-1"), "r.json:1:11: byte 0xe4 is not UTF-8"),
    json_error("cut-character", '{"GET":{"/a":"ä'.encode()[:-1], "r.json:1:15: byte 0xc3 is not UTF-8"),
    json_error("overlong", b'{"GET":\n{"/\xc0\xaf":1}}', "r.json:2:4: byte 0xc0 is not UTF-8"),
    json_error("encoded-surrogate", b'"\xed\xa0\x80"', "r.json:1:2: byte 0xed is not UTF-8"),
    json_error("two-marks", b"\xef\xbb\xbf\xef\xbb\xbf{}", r'r.json:1:1: expected "{"'),
    json_error("binary", bytes(range(128, 256)), "r.json:1:1: byte 0x80 is not UTF-8"),
    json_error("gzip", b"\x1f\x8b\x08\x00", "r.json:1:2: byte 0x8b is not UTF-8"),
    yaml_error("utf-16", "GET: {}".encode("utf-16"), "r.yaml: the file must be UTF-8, this looks like UTF-16"),
    yaml_error("latin-1", "GET:\n  /a: ä".encode("latin-1"), "r.yaml:2:7: byte 0xe4 is not UTF-8"),
    usable("r.json", "mark", b'\xef\xbb\xbf{"GET":{"/a":1}}', "1"),
    usable("r.yaml", "mark", b"\xef\xbb\xbfGET: {/a: 1}", "1"),
]

SURROGATES = [
    json_value("high-surrogate", r'"\ud800"', "r.json:1:14: a string holds a lone surrogate"),
    json_value("low-surrogate", r'["\udfff"]', "r.json:1:15: a string holds a lone surrogate"),
    json_value("surrogate-key", r'{"\ud800":1}', "r.json:1:15: a key holds a lone surrogate"),
    json_error("surrogate-url", r'{"GET":{"/\ud800":1}}', "r.json:1:9: a key holds a lone surrogate"),
    json_error("surrogate-method", r'{"\ud800":{}}', "r.json:1:2: a key holds a lone surrogate"),
    yaml_error("surrogate", 'GET: {/a: "\\ud800"}', "r.yaml:1:11: a string holds a lone surrogate"),
    yaml_error("beyond-unicode", 'GET: {/a: "\\UFFFFFFFF"}', "r.yaml:1:12: an escape stands for no Unicode character"),
    usable("r.json", "pair", r'{"GET":{"/a":"\ud83d\ude00"}}', '"😀"'),
    usable("r.yaml", "pair", r'GET: {/a: "\ud83d\ude00"}', '"😀"'),
]

DEPTHS = [
    json_error("100000-lists", "[" * 100_000, 'r.json:1:1: expected "{"'),
    json_error("100000-objects", '{"a":' * 100_000, "r.json:1:2506: nesting is deeper than 500 levels"),
    json_value("100000-lists-in-a-value", _nested(100_000), "r.json:1:514: nesting is deeper than 500 levels"),
    json_value(
        "100000-objects-in-a-value", _nested(100_000, '{"a":', "1", "}"), "r.json:1:2514: nesting is deeper than 500"
    ),
    json_value("501-lists", _nested(501), "r.json:1:514: nesting is deeper than 500 levels"),
    yaml_error("600-lists", "[" * 600, "r.yaml:1:501: nesting is deeper than 500 levels"),
    yaml_error("100000-mappings", "{a: " * 100_000, "r.yaml:1:2001: nesting is deeper than 500 levels"),
    yaml_error("100000-dashes", "- " * 100_000, "r.yaml:1:1001: nesting is deeper than 500 levels"),
    yaml_error("100000-question-marks", "? " * 100_000, "r.yaml:1:3: a key must be text"),
    yaml_error(
        "deep-by-aliases",
        f"GET:\n  /a: &a {_nested(400)}\n  /b: {_nested(400, inner='*a')}",
        "r.yaml:3:407: nesting is",
    ),
    usable("r.json", "500-lists", f'{{"GET":{{"/a":{_nested(500)}}}}}', _nested(500)),
    usable("r.json", "600-objects-side-by-side", json.dumps({"GET": {"/a": [{}] * 600}}), json.dumps([{}] * 600)),
]

NUMBERS = [
    json_value("nan", "NaN", "r.json:1:14: NaN is no JSON number; null or a string may stand for it"),
    json_value(
        "infinity", "[1,Infinity]", "r.json:1:17: Infinity is no JSON number; null or a string may stand for it"
    ),
    json_value(
        "minus-infinity", "-Infinity", "r.json:1:14: -Infinity is no JSON number; null or a string may stand for it"
    ),
    json_value("1e999", "1e999", "r.json:1:14: the number is outside the range of a double"),
    json_value("309-digits", "9" * 309, "r.json:1:14: the number is outside the range of a double"),
    json_value("100000-digits", "9" * 100_000, "r.json:1:14: the number is outside the range of a double"),
    json_value("leading-zero", "01", "r.json:1:15: expected"),
    json_value("hexadecimal", "0x1", "r.json:1:15: expected"),
    json_value("plus", "+1", "r.json:1:14: expected a value, got '+'"),
    json_value("no-decimals", "1.", "r.json:1:15: expected"),
    yaml_error("infinity", "GET: {/a: .inf}", "r.yaml:1:11: .inf is no JSON number; null or a string may stand for it"),
    yaml_error("nan", "GET: {/a: .nan}", "r.yaml:1:11: .nan is no JSON number; null or a string may stand for it"),
    yaml_error("1e999", "GET: {/a: 1e999}", "r.yaml:1:11: the number is outside the range of a double"),
    yaml_error("5000-hex-digits", f"GET: {{/a: 0x{'f' * 5000}}}", "r.yaml:1:11: the number is outside the range"),
    usable("r.json", "308-digits", f'{{"GET":{{"/a":{"9" * 308}}}}}', "9" * 308),
    usable("r.json", "minus-zero", '{"GET":{"/a":-0.0}}', "-0.0"),
]

DUPLICATES = [
    json_error("duplicate-method", '{"GET":{},\n"GET":{}}', 'r.json:2:1: duplicate key "GET", one of the two must go'),
    json_error("duplicate-url", '{"GET":{"/a":1,"/a":2}}', 'r.json:1:16: duplicate key "/a", one of the two must go'),
    json_value("duplicate-in-a-body", '{"x":1,"x":2}', 'r.json:1:21: duplicate key "x", one of the two must go'),
    json_value(
        "duplicate-deep-in-a-body", '[{"y":{"x":1,"x":2}}]', 'r.json:1:27: duplicate key "x", one of the two must go'
    ),
    json_value(
        "duplicate-in-a-definition",
        '{"$body":1,"$body":1}',
        'r.json:1:25: duplicate key "$body", one of the two must go',
    ),
    yaml_error("duplicate-method", "GET: {}\nGET: {}", 'r.yaml:2:1: duplicate key "GET", one of the two must go'),
    yaml_error("duplicate-url", "GET:\n  /a: 1\n  /a: 2", 'r.yaml:3:3: duplicate key "/a", one of the two must go'),
    yaml_error(
        "duplicate-in-a-body", "GET: {/a: [{x: 1, 'x': 2}]}", 'r.yaml:1:19: duplicate key "x", one of the two must go'
    ),
]

TEMPLATES = [
    json_value(
        "filter-not-offered",
        '{"$template":true,"$body":{"x":["{{ 1 | attr(2) }}"]}}',
        'r.json:1:46: GET /a: no filter "attr" is offered in templates',
    ),
    json_value(
        "method-not-offered",
        '{"$template":true,"$headers":{"X":"{{ text.translate({}) }}"}}',
        'r.json:1:48: GET /a: no method "translate" is offered in templates',
    ),
    json_value(
        "template-open", '{"$template":true,"$text":"{{ 1"}', 'r.json:1:40: GET /a: the template "{{ 1" is wrong'
    ),
    yaml_error(
        "filter-not-offered",
        "GET:\n  /a:\n    $template: true\n    $text: |\n      {{ text | pprint }}\n",
        'r.yaml:4:12: GET /a: no filter "pprint" is offered in templates',
    ),
    usable("r.json", "template-not-asked-for", '{"GET":{"/a":"{{ 1 | attr(2) }}"}}', '"{{ 1 | attr(2) }}"'),
    usable("r.json", "nested-quantifiers", '{"GET":{"/a":1,"~/(b+)+":2}}', "1"),
]

JSON_TEXTS = [
    json_error("empty", "", "r.json:1:1: the file is empty"),
    json_error("white-space", " \n\t\r\n ", "r.json:3:2: the file is empty"),
    json_error("list", "[]", "r.json:1:1: expected \"{\": a responses file is an object of methods, got '['"),
    json_error("null", "null", 'r.json:1:1: expected "{"'),
    json_error("string", '"GET"', 'r.json:1:1: expected "{"'),
    json_error("two-objects", "{}\n{}", "r.json:2:1: expected the end of the file, got '{'"),
    json_error("garbage-after", "{}}", "r.json:1:3: expected the end of the file"),
    json_error("cut-after-brace", "{", "r.json:1:2: expected a key in double quotes, the file ends here"),
    json_error("cut-in-key", '{"GE', 'r.json:1:2: a string has no closing "'),
    json_error("cut-after-key", '{"GET"', 'r.json:1:7: expected ":", the file ends here'),
    json_error("cut-after-value", '{"GET":{"/a":1', 'r.json:1:15: expected "," or "}", the file ends here'),
    json_error("cut-after-comma", '{"GET":{"/a":1,', "r.json:1:16: expected a key in double quotes"),
    json_value("trailing-comma-in-list", "[1,]", 'r.json:1:16: a comma before "]" is one too many'),
    json_error("trailing-comma-in-object", '{"GET":{"/a":1,}}', 'r.json:1:15: a comma before "}" is one too many'),
    json_value("two-commas", "[1,,2]", "r.json:1:17: expected a value, got ','"),
    json_value("no-comma", "[1 2]", 'r.json:1:17: expected "," or "]"'),
    json_error("no-colon", '{"GET" {}}', 'r.json:1:8: expected ":"'),
    json_error(
        "comment", "{\n// users\n}", "r.json:2:1: expected a key in double quotes, got '/': JSON has no comments"
    ),
    json_value("block-comment", "1/* one */", "r.json:1:15: expected"),
    json_error("hash-comment", "# users\n{}", "JSON has no comments, a .jsonc or .yaml file has"),
    json_error("single-quotes", "{'GET':{}}", 'r.json:1:2: expected a key in double quotes, got "\'": strings stand'),
    json_error("bare-key", "{GET:{}}", "r.json:1:2: expected a key in double quotes, got 'G'"),
    json_value("curly-quotes", "“x”", "r.json:1:14: expected a value, got '“'"),
    json_value("undefined", "undefined", "r.json:1:14: expected a value, got 'u'"),
    json_value("python-words", "True", "r.json:1:14: expected a value, got 'T'"),
    json_value("bad-escape", r'"\x41"', "r.json:1:15: a backslash stands before a character that it cannot escape"),
    json_value("short-escape", r'"\u12"', "r.json:1:16: a backslash stands before a character"),
    json_value("line-end-in-a-string", '"a\nb"', "r.json:1:16: a string holds a bare control character"),
    json_value("control-in-a-string", '"\x1b[31m"', "r.json:1:15: a string holds a bare control character"),
    json_value("nul-in-a-string", '"\0"', "r.json:1:15: a string holds a bare control character"),
    json_error("nul-at-the-end", "{}\0", r"r.json:1:3: expected the end of the file, got '\x00': a NUL byte"),
    json_error("nul-bytes", "\0" * 4096, "r.json:1:1: expected"),
    json_error("no-break-space", '{"GET":\xa0{}}', "r.json:1:8: expected a value"),
    json_error("merge-conflict", "{\n<<<<<<< HEAD\n}", "r.json:2:1: expected a key in double quotes, got '<'"),
    json_error("yaml-in-json", "GET:\n  /a: 1", "r.json:1:1: expected"),
    json_error("10-mb-cut", '{"GET":{"/a":"' + "x" * 10_000_000, 'r.json:1:14: a string has no closing "'),
    usable("r.json", "10-mb", '{"GET":{"/a":1,"/b":"' + "x" * 10_000_000 + '"}}', "1"),
    usable("r.json", "empty-object", "{}"),
    usable("r.json", "white-space-everywhere", ' {\r\n"GET"\t:\n{ "/a" : 1 } } \n', "1"),
    usable("r.json", "null-body", '{"GET":{"/a":null}}', "null"),
    usable("r.json", "escaped-nul", r'{"GET":{"/a":"\u0000"}}', r'"\u0000"'),
    usable("r.json", "line-separators", '{"GET":{"/a":"\u2028\x7f"}}', '"\u2028\x7f"'),
]

YAML_TEXTS = [
    yaml_error("empty", "", "r.yaml: the file is empty"),
    yaml_error("white-space", " \n \n", "r.yaml: the file is empty"),
    yaml_error("comment-alone", "# GET\n", "r.yaml: the file is empty"),
    yaml_error("list", "- GET", "r.yaml:1:1: a responses file is a mapping of methods"),
    yaml_error("text", "GET /a", "r.yaml:1:1: a responses file is a mapping of methods"),
    yaml_error("recursive-anchor", "GET: &a\n  /a: *a", "r.yaml:2:7: the anchor &a contains itself"),
    yaml_error("recursive-merge", "GET: &a\n  <<: *a", "r.yaml:2:7: the anchor &a contains itself"),
    yaml_error("billion-laughs", _LAUGHS, "the aliases stand for more than 64 MiB of data"),
    yaml_error(
        "scalar-by-many-aliases",
        f"GET:\n  /a: &a {'x' * 100_000}\n  /b: [{', '.join(['*a'] * 700)}]",
        "the aliases stand for more than 64 MiB of data",
    ),
    yaml_error(
        "many-entries-by-aliases",
        "\n".join(["GET: &g", *(f"  /{n}: 1" for n in range(1_000)), *(f"METHOD-{n}: *g" for n in range(1_200))]),
        "the aliases stand for more than 64 MiB of data",
    ),
    yaml_error("python-tag", "GET: {/a: !!python/object/apply:os.system [id]}", "r.yaml:1:11: tags are not supported"),
    yaml_error("tag", "GET: {/a: !!binary AA==}", "r.yaml:1:11: tags are not supported"),
    yaml_error("own-tag", "GET: !include other.yaml", "r.yaml:1:6: tags are not supported, got !include"),
    yaml_error("tab", "GET:\n\t/a: 1", "r.yaml:2:1: tabs are no indentation in YAML, use spaces"),
    yaml_error("two-documents", "GET: {}\n---\nGET: {}", "r.yaml:2:1: a responses file is one YAML document"),
    yaml_error("indentation", "GET:\n    /a: 1\n  /b: 2", "r.yaml:3:3: this line fits none above it"),
    yaml_error("unknown-alias", "GET: {/a: *b}", "r.yaml:1:11: there is no anchor &b before this alias"),
    yaml_error("list-as-key", "? [a]\n: 1", "r.yaml:1:3: a key must be text"),
    yaml_error("mapping-as-key", "GET: {{a: 1}: 2}", "r.yaml:1:7: a key must be text"),
    yaml_error("alias-as-key", "GET: {/a: &a x, *a : 1}", "r.yaml:1:17: a key must be text, not an alias"),
    yaml_error("merge-of-a-number", "GET: {/a: {<<: 1}}", "r.yaml:1:16: << takes a mapping or a list of mappings"),
    yaml_error("version", "%YAML 2.0\n---\nGET: {}", "r.yaml:1:1: the file must be in YAML 1.2"),
    yaml_error("open-quote", "GET:\n  /a: 'x", "r.yaml:2:7: a string has no closing '"),
    yaml_error("open-list", "GET: {/a: [1, 2}", 'r.yaml:1:16: expected "," or the "]" of the "[" in line 1'),
    yaml_error("colon-in-text", "GET:\n  /a: x: y", 'r.yaml:2:7: "x: y" needs quotes in YAML'),
    yaml_error("template", "GET:\n  /a: {{ path.id }}", 'r.yaml:2:7: "{{ path.id }}" needs quotes in YAML'),
    yaml_error("star", "GET:\n  /a: 1\n*:\n  /b: 2", 'r.yaml:3:1: "*" needs quotes in YAML: "*":'),
    yaml_error("at-sign", "GET: {/a: @x}", 'r.yaml:1:11: "@x" needs quotes in YAML'),
    yaml_error("bad-escape", 'GET: {/a: "\\q"}', r"r.yaml:1:12: \q is no escape"),
    yaml_error("nul", "GET:\n  /a: \0", "r.yaml:2:7: YAML does not allow the character U+0000"),
    yaml_error("control", "GET: {/a: \x1b}", "r.yaml:1:11: YAML does not allow the character U+001B"),
    usable(
        "r.jsonc",
        "jsonc",
        '{// one\n"GET": {"/a": [1, "// no /* comment", 2,], /* two\n */ },\n}',
        '[1, "// no /* comment", 2]',
    ),
    _broken("r.jsonc", "jsonc-two-commas", '{"GET": {"/a": [1,,]}}', "r.jsonc:1:19: expected a value, got ','"),
    _broken("r.jsonc", "jsonc-only-a-comma", '{"GET": {"/a": [,]}}', "r.jsonc:1:17: expected a value, got ','"),
    _broken("r.jsonc", "jsonc-open-comment", '{"GET": {} /* no end', "r.jsonc:1:12: expected"),
    _broken(
        "r.jsonc", "jsonc-place", '{ // one\n/* two\n*/ "GET": {"/a": x}}', "r.jsonc:3:18: expected a value, got 'x'"
    ),
    usable("r.yaml", "no", "GET: {/a: no}", '"no"'),
    usable("r.yaml", "date", "GET: {/a: 2001-12-14}", '"2001-12-14"'),
    usable("r.yaml", "number-as-key", "GET: {/a: {200: x}}", '{"200": "x"}'),
    usable("r.yaml", "octal", "GET: {/a: [010, 0o10, 0x10]}", "[10, 8, 16]"),
    usable("r.yaml", "anchors", "GET: {/b: &b {x: 1}, /a: [*b, *b]}", '[{"x": 1}, {"x": 1}]'),
    usable("r.yaml", "merge", "GET: {/b: &b {x: 1, y: 1}, /a: {<<: *b, x: 2}}", '{"x": 2, "y": 1}'),
    usable("r.yaml", "directive", "%YAML 1.2\n---\nGET: {/a: 1}\n...\n", "1"),
    usable("r.yaml", "json", '{"GET": {"/a": [1.5, null, true]}}', "[1.5, null, true]"),
]

BROKEN_FILES = [
    *NO_FILES,
    *ENCODINGS,
    *SURROGATES,
    *DEPTHS,
    *NUMBERS,
    *DUPLICATES,
    *TEMPLATES,
    *JSON_TEXTS,
    *YAML_TEXTS,
]
