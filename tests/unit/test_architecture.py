"""The house is as docs/design.md draws it: who may import whom, and how large a room may be."""

import ast
import re
import statistics
from collections.abc import Iterator
from graphlib import TopologicalSorter

from tests.markdown import REPOSITORY

PACKAGE = REPOSITORY / "fakebackend"
DESIGN = (REPOSITORY / "docs" / "design.md").read_text("utf-8")

ORDER = re.findall(r"^`(\w+)/`", DESIGN, re.MULTILINE)
"""The sub-packages in the order in which they may import each other."""

MODULES = {
    ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}

_BY_TEXT = {"__import__", "importlib.import_module", "import_module", "sys.modules.get", "runpy.run_module"}

_LAST = len(ORDER)
# Who asks the package itself for its version or its folder is a front or the command line.
_ENTRANCES = {"fakebackend": ORDER.index("proxy"), "fakebackend.addon": _LAST, "fakebackend.__main__": _LAST}

WITH_A_REASON = {
    # Everything but the addon works where there is no mitmproxy.
    ("fakebackend", "fakebackend.proxy.addon"),
    ("fakebackend", "fakebackend.answers.handler_definition"),
    # pytest imports the plugin in every run, used or not.
    ("fakebackend.testing", "fakebackend.testing.fake_backend"),
    ("fakebackend.testing.pytest_plugin", "fakebackend.testing.fake_backend"),
    # Most files are JSON, and start sooner without YAML.
    ("fakebackend.reading.detect", "fakebackend.reading.yaml_document"),
    # One of them is an extra, the other came along once.
    ("fakebackend.reading.libyaml", "yaml"),
    ("fakebackend.reading.libyaml", "yaml.cyaml"),
    ("fakebackend.reading.libyaml", "_ruamel_yaml"),
    ("fakebackend.reading.libyaml", "ruamel.yaml.error"),
    # Jinja2 takes its time to load, and many a file has no template.
    ("fakebackend.templating.compile_templates", "fakebackend.templating.template_text"),
    ("fakebackend.templating.compile_templates", "fakebackend.templating.template_tree"),
    ("fakebackend.templating.compile_templates", "fakebackend.templating.lenient_text"),
    ("fakebackend.format.key_parsers", "fakebackend.templating.own_names"),
    ("fakebackend.cli.schema", "fakebackend.format.schema"),
    ("fakebackend.reading.data_file", "fakebackend.reading.yaml_document"),
    # Faker and PyJWT are extras.
    ("fakebackend.templating.fake_names", "faker"),
    ("fakebackend.templating.jwt_token", "jwt"),
}
"""Modules that import inside a function, and what."""


def rank(module: str) -> float:
    """Return the place of a module in the order."""
    if module == "fakebackend.responses_file":
        return ORDER.index("format") + 0.5
    return _ENTRANCES[module] if module in _ENTRANCES else ORDER.index(module.split(".")[1])


def imported(node: ast.AST) -> Iterator[str]:
    """Yield the modules of ours that a statement imports."""
    if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "fakebackend":
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            yield inner if inner in MODULES else node.module
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in MODULES or alias.name == "fakebackend")


def imports_of(module: str) -> set[str]:
    return {name for node in ast.walk(TREES[module]) for name in imported(node)} - {module}


def functions() -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    nodes = (node for tree in TREES.values() for node in ast.walk(tree))
    return [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_the_map_names_every_room_once() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert len(ORDER) == len(set(ORDER)) >= 10
    assert set(ORDER) == rooms
    assert len(MODULES) > 100


def test_a_module_imports_only_what_stands_before_it() -> None:
    assert not [(m, name) for m in MODULES for name in imports_of(m) if rank(name) > rank(m)]


def test_imports_are_written_so_that_they_can_be_read() -> None:
    """By their whole names, and not by functions that take them as text."""
    for tree in TREES.values():
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and node.level)
            assert not (isinstance(node, ast.Name | ast.Attribute) and ast.unparse(node) in _BY_TEXT)


def test_no_module_imports_itself_by_a_detour() -> None:
    # By way of `__init__`, which imports the addon only when that is asked for.
    graph = {module: imports_of(module) - {"fakebackend"} for module in MODULES if module != "fakebackend"}
    assert len(list(TopologicalSorter(graph).static_order())) >= len(graph)


def modules_in(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]


def imports_inside_functions(tree: ast.AST) -> set[str]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    nodes = [node for f in functions for node in ast.walk(f) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {name for node in nodes for name in modules_in(node)}


def test_an_import_inside_a_function_has_its_reason() -> None:
    inside = {(module, name) for module, tree in TREES.items() for name in imports_inside_functions(tree)}
    assert inside == WITH_A_REASON


def top_names(tree: ast.AST) -> set[str]:
    """Return the packages that a module imports, ours and others."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {name.split(".")[0] for node in nodes for name in modules_in(node)}


def test_only_the_front_in_mitmproxy_and_the_command_line_know_mitmproxy() -> None:
    knowing = {module.split(".")[1] for module, tree in TREES.items() if "mitmproxy" in top_names(tree)}
    assert knowing == {"proxy", "cli"}


def test_files_and_functions_are_short() -> None:
    lines = {module: len(path.read_text("utf-8").splitlines()) for module, path in MODULES.items()}
    assert max(lines.values()) <= 300
    lengths = [(node.end_lineno or 0) - node.lineno + 1 for node in functions()]
    assert max(lengths) <= 60
    assert sum(length <= 25 for length in lengths) >= 0.9 * len(lengths)
    assert statistics.median(lengths) <= 8


def test_the_entrance_is_small_and_no_room_is_empty() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 8
    for room in ORDER:
        assert len(list((PACKAGE / room).glob("*.py"))) > 1


def test_a_test_file_stands_where_its_module_does() -> None:
    folders = {path.parent.name for path in (REPOSITORY / "tests" / "unit").glob("*/test_*.py")}
    assert folders == set(ORDER)
