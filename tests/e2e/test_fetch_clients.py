"""The calls of a front-end from clients that are no browsers: they get the same answers."""

import json
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest
from front_end import API
from front_end import CALLS
from front_end import start_backend
from mitmdump import Backend
from mitmdump import Launcher
from required import require

NODE = """
const answers = [], cookies = new Map();
for (const {url, init, read} of JSON.parse(process.argv[1])) {
  const cookie = [...cookies].map(pair => pair.join("=")).join("; ");
  const headers = {...init.headers, ...(cookie && {Cookie: cookie})};
  const response = await fetch(url, {...init, headers});
  for (const field of response.headers.getSetCookie()) {
    const [name, value] = field.split(";")[0].split("=");
    cookies.set(name, value);
  }
  const fields = read.map(name => [name, response.headers.get(name)]);
  answers.push({status: response.status, text: await response.text(), read: Object.fromEntries(fields)});
}
console.log(JSON.stringify(answers));
"""


@pytest.fixture(scope="module")
def backend(start_shared: Launcher) -> Backend:
    return start_backend(start_shared)


def test_node(backend: Backend) -> None:
    calls = json.dumps([call.as_fetched(backend.url) for call in CALLS])
    command = [require("node"), "--input-type=module", "--eval", NODE, "--", calls]
    answers = json.loads(_printed(command))
    for call, answer in zip(CALLS, answers, strict=True):
        call.check(answer)


@pytest.mark.parametrize(
    ("way", "version"),
    [("direct", "1.1"), ("direct-tls", "1.1"), ("direct-tls", "2"), ("proxy", "1.1"), ("proxy", "2")],
)
def test_curl(backend: Backend, way: str, version: str) -> None:
    base = {"direct": backend.url, "direct-tls": backend.url.replace("http:", "https:"), "proxy": API}[way]
    jar = backend.folder / f"cookies-{way}-{version}"
    command = [require("curl"), "-qsk", f"--http{version}", "--cookie", str(jar), "--cookie-jar", str(jar)]
    command += ["--proxy", backend.url] if way == "proxy" else ["--noproxy", "*"]
    for call in CALLS:
        fields = [part for name, value in call.headers.items() for part in ("-H", f"{name}: {value}")]
        body = [] if call.body is None else ["--data-raw", call.body]
        wanted = "\\n%{json}\\n%{header_json}"
        printed = _printed([*command, "-X", call.method, *fields, *body, "-w", wanted, base + call.path])
        text, about, headers = _parts(printed)
        assert about["http_version"] == version
        read = {name: ", ".join(headers[name.lower()]) for name in call.read}
        call.check({"status": about["http_code"], "text": text, "read": read})


def _printed(command: Sequence[str]) -> str:
    run = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr.decode()
    return run.stdout.decode()


def _parts(printed: str) -> tuple[str, dict[str, Any], dict[str, list[str]]]:
    """Return the body, what curl says about the transfer, and the header fields."""
    rest, _, headers = printed.rpartition('\n{"')
    text, _, about = rest.rpartition("\n")
    return text, json.loads(about), json.loads('{"' + headers)
