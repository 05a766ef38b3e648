"""The report as JUnit's XML, which CI servers show as tests."""

import re
from collections.abc import Iterable
from html import escape

from fakebackend.journal.report import EntryCount
from fakebackend.journal.report import Report
from fakebackend.journal.wording import near_text
from fakebackend.journal.wording import times

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, whatever way it is written (section 2.2)."""

_WHITE_SPACE = re.compile("[\t\n\r]")


def as_junit(report: Report) -> str:
    """Return a test suite: a case for each entry, for each request without one, and for each error."""
    cases = [*map(_entry, report.entries), *_unmatched(report), *_errors(report)]
    unused = sum(not entry.requests for entry in report.entries)
    failures = len(report.unmatched) + bool(report.unmatched_not_listed)
    counts = {"tests": len(cases), "failures": failures, "errors": len(report.errors), "skipped": unused}
    suite = _element("testsuite", {"name": report.file, **counts}, cases)
    suites = _element("testsuites", {"name": "fakebackend", **counts}, [suite])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{suites}\n'


def _entry(entry: EntryCount) -> str:
    said = (
        _element("system-out", {}, text=times(entry.requests, "request"))
        if entry.requests
        else _element("skipped", {"message": f"never used ({entry.place})"})
    )
    return _case("entries", entry.entry, said)


def _unmatched(report: Report) -> Iterable[str]:
    for each in report.unmatched:
        near = near_text(each)
        message = f"{times(each.count, 'request')} without an entry" + (f"; nearest {near}" if near else "")
        yield _case("unmatched", f"{each.method} {each.url}", _element("failure", {"message": message}, text=message))
    if report.unmatched_not_listed:
        message = f"{times(report.unmatched_not_listed, 'more request')} without an entry, not listed"
        yield _case("unmatched", "not listed", _element("failure", {"message": message}, text=message))


def _errors(report: Report) -> Iterable[str]:
    for each in report.errors:
        message = f"{each.message} ({times(each.count, 'time')})"
        name = each.entry or "fakebackend"
        yield _case("errors", name, _element("error", {"message": each.message}, text=message))


def _case(group: str, name: str, inside: str) -> str:
    return _element("testcase", {"classname": f"fakebackend.{group}", "name": name, "time": "0"}, [inside])


def _element(name: str, attributes: dict[str, str | int], inside: Iterable[str] = (), text: str = "") -> str:
    written = "".join(f' {key}="{_attribute(str(value))}"' for key, value in attributes.items())
    content = escape(_holdable(text)) + "".join(f"\n{each}" for each in inside)
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _attribute(text: str) -> str:
    # As they stand these would be read as spaces (section 3.3.3).
    return _WHITE_SPACE.sub(lambda match: f"&#{ord(match[0])};", escape(_holdable(text)))


def _holdable(text: str) -> str:
    return _NO_XML.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)
