from pathlib import Path

from ruamel.yaml import YAML

from fakebackend.testing import server_process


def test_options_are_written_as_mitmproxy_reads_them(tmp_path: Path) -> None:
    confdir = tmp_path / "confdir"
    given = {"responses_log": True, "responses_unmatched": 418, "responses_seed": "a: b", "http2": False, "n": [1]}
    given |= {"listen_port": 1, "termlog_verbosity": "error"}
    server_process._write_options(confdir, given)
    read = YAML(typ="safe").load((confdir / "config.yaml").read_text("utf-8"))
    ours = {"responses_log": "true", "responses_unmatched": "418", "responses_seed": "a: b"}
    assert read == {**ours, "http2": False, "n": [1]}


def test_the_package_is_found_where_it_is_not_installed() -> None:
    root = str(Path(server_process.__file__).resolve().parents[2])
    assert server_process._with_root("") == root
    assert server_process._with_root("/a").endswith("/a")
    assert server_process._with_root("/a").startswith(root)
