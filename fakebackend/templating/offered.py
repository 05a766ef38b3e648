"""What a template may name: looked at when the file is read, so that a slip is told at once and by its name."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator

from jinja2 import nodes

from fakebackend.diagnostics.validation_error import ValidationError
from fakebackend.diagnostics.wording import did_you_mean
from fakebackend.diagnostics.wording import format_value
from fakebackend.templating.fake_names import offered_names
from fakebackend.templating.own_filters import vet_pattern
from fakebackend.templating.steps import FILTERS
from fakebackend.templating.steps import METHOD_NAMES

_STATEMENTS: dict[type[nodes.Node], str] = {
    nodes.Block: "block",
    nodes.Extends: "extends",
    nodes.FromImport: "from",
    nodes.Import: "import",
    nodes.Include: "include",
    nodes.ScopedEvalContextModifier: "autoescape",
}
"""Statements that are not offered: a template is one string, and nothing in it is escaped by itself."""

_NAMING_TESTS = {"select": 0, "reject": 0, "selectattr": 1, "rejectattr": 1}
"""Filters that are given the name of a test, and at which place."""


def check_offered(tree: nodes.Template, tests: Collection[str]) -> None:
    """Refuse statements, filters, tests and methods that are not offered.

    Raises `ValidationError` with the name and the nearest one that is.
    """
    for statement in tree.find_all(tuple(_STATEMENTS)):
        raise ValidationError(f"{{% {_STATEMENTS[type(statement)]} %}} is not offered in templates")
    for used in tree.find_all(nodes.Filter):
        _check_name("filter", used.name, FILTERS)
        if used.name == "regex" and used.args and isinstance(pattern := used.args[0], nodes.Const):
            vet_pattern(str(pattern.value))
        if used.name == "map":
            _check_argument("filter", used, 0, FILTERS)
        elif used.name in _NAMING_TESTS:
            _check_argument("test", used, _NAMING_TESTS[used.name], tests)
    for call in tree.find_all(nodes.Call):
        for owner, name in _attribute(call.node):
            if not _is_of_fake(owner):
                _check_name("method", name, METHOD_NAMES)
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        for owner, name in _attribute(node):
            if isinstance(owner, nodes.Name) and owner.name == "fake":
                _check_name("method of fake", name, offered_names())


def parts_used(tree: nodes.Template, owner: str) -> Iterator[str]:
    """Yield the names of the parts of a value that a template uses, less what it calls: `id` of `path.id`."""
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        for of, name in _attribute(node):
            if isinstance(of, nodes.Name) and of.name == owner and id(node) not in called:
                yield name


def check_parameters(used: Iterable[str], parameters: Collection[str]) -> None:
    """Refuse a path parameter that the URL key does not have.

    Raises `ValidationError` with its name and those that there are.
    """
    for name in used:
        if name not in parameters:
            there = f"it has {', '.join(parameters)}" if parameters else "it has none"
            hint = did_you_mean(name, parameters) or f"; {there}"
            raise ValidationError(f"path.{name} is no parameter of the URL key{hint}")


def check_request_parts(used: Iterable[str], offered: Collection[str]) -> None:
    """Refuse a part of `request` that there is not.

    Raises `ValidationError` with its name and those that there are.
    """
    for name in used:
        if name not in offered:
            hint = did_you_mean(name, offered) or f"; it has {', '.join(offered)}"
            raise ValidationError(f"request.{name} is nothing that templates know{hint}")


def names_given_to(tree: nodes.Template, function: str) -> Iterator[str]:
    """Yield the text that calls of a function are given.

    Raises `ValidationError` for a call with anything but one name.
    """
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name != function:
            continue
        argument = call.args[0] if len(call.args) == 1 and not call.kwargs else nodes.Const(None)
        if isinstance(argument, nodes.Const):
            if not isinstance(argument.value, str):
                raise ValidationError(f'{function} takes the name of a file, as {function}("data.json")')
            yield argument.value


def _check_argument(kind: str, node: nodes.Filter, place: int, offered: Collection[str]) -> None:
    argument = node.args[place] if node.args and len(node.args) > place else None
    if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
        _check_name(kind, argument.value, offered)


def _check_name(kind: str, name: str, offered: Collection[str]) -> None:
    if name not in offered:
        what = did_you_mean(name, offered, cutoff=0.7) or "; the docs list those that are, under $template"
        raise ValidationError(f"no {kind} {format_value(name)} is offered in templates{what}")


def _attribute(node: nodes.Node) -> Iterator[tuple[nodes.Expr, str]]:
    """Yield what an attribute is of and its name, if the node is one: `a.b` or `a["b"]`."""
    if isinstance(node, nodes.Getattr):
        yield node.node, node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        yield node.node, node.arg.value


def _is_of_fake(node: nodes.Expr) -> bool:
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name) and node.name == "fake"
