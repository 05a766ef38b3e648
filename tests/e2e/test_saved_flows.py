"""Flows that are read from a file: answered anew if asked for, else left alone."""

from pathlib import Path

import pytest
from flow_file import read_flows
from flow_file import saved_flow
from flow_file import write_flows
from mitmdump import MITMDUMP
from mitmdump import arguments_of
from mitmdump import write_responses
from process import Process

HOST = "http://api.example.invalid"


def _rewritten(folder: Path, responses: str, **options: str) -> tuple[list[tuple[str, str]], str]:
    """Send a capture through mitmdump, and return what each answer and its comment have become, and the log."""
    flows = [
        saved_flow(f"{HOST}/user"),
        saved_flow(f"{HOST}/other"),
        saved_flow(f"{HOST}/user", answer=None),
        saved_flow(f"{HOST}/other", answer=None),
    ]
    write_flows(folder / "in.mitm", *flows)
    write_responses(folder / "responses.json", responses)
    process = Process([*MITMDUMP, *arguments_of(folder, options), "-nr", "in.mitm", "-w", "out.mitm"], folder)
    assert process.wait() == 0, process.output
    process.stop()
    assert "Traceback" not in process.output
    rewritten = read_flows(folder / "out.mitm")
    return [(flow.response.text or "" if flow.response else "", flow.comment) for flow in rewritten], process.output


RESPONSES = '{"GET": {\n"/user": "canned"}}'


def test_matched_flows_are_answered_and_others_kept(tmp_path: Path) -> None:
    flows, output = _rewritten(tmp_path, RESPONSES, responses_saved_flows="true")
    canned = ('"canned"', "GET /user (responses.json:2)")
    assert flows == [canned, ("recorded", ""), canned, ("", "")]
    assert "no entry" not in output


@pytest.mark.parametrize("options", [{}, {"responses_saved_flows": "false"}], ids=["default", "off"])
def test_off_leaves_flows_alone(tmp_path: Path, options: dict[str, str]) -> None:
    flows, _ = _rewritten(tmp_path, RESPONSES, **options)
    assert flows == [("recorded", ""), ("recorded", ""), ("", ""), ("", "")]


def test_unmatched_policy_is_not_for_saved_flows(tmp_path: Path) -> None:
    flows, _ = _rewritten(tmp_path, "{}", responses_saved_flows="true", responses_unmatched="kill")
    assert flows == [("recorded", ""), ("recorded", ""), ("", ""), ("", "")]
