"""The house's habits: sizes, names, docstrings, no hidden state, nothing of one computer's own."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.architecture.sources import Breach, Rule, Source, assert_kept, last_name, python, texts

_MAX_FILE_LINES = 500
_MAX_FUNCTION_LINES = 60
_EMPTY_NAMES = ("utils", "helpers", "common", "manager", "service", "handler", "base")
_PRINTING = (
    "imagine_desktop/__main__.py",
    "imagine_desktop/app.py",
    "imagine_desktop/cli/",
    "imagine_desktop/sandbox/__main__.py",
    "imagine_desktop/tour.py",
)
_CONTAINERS = ("list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict")
_CHANGES = (
    *("append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "appendleft", "popleft"),
    *("add", "discard", "update", "setdefault", "popitem"),
)
_APPLICATIONS = ("QApplication", "QGuiApplication", "QCoreApplication")
_ONE_COMPUTERS = re.compile(
    r"(?<![\w.$}])/(?:work|root|tmp|home|Users)/|[A-Z]:\\Users|\.\./shared"
    r"|\b(?:pypi|pythonhosted|npmjs)\.(?:org|com)"
)


def long_files(source: Source) -> Iterator[Breach]:
    """A file has at most 500 lines: give a noun of its own a module of its own."""
    lines = source.text.count("\n")
    if lines > _MAX_FILE_LINES:
        yield Breach(lines, f"{lines} lines")


def long_functions(source: Source) -> Iterator[Breach]:
    """A function has at most 60 lines: name its steps."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > _MAX_FUNCTION_LINES:
                yield Breach(node.lineno, f"{node.name} has {lines} lines")


def empty_names(source: Source) -> Iterator[Breach]:
    """A module is named for the thing that it is about: put what is in it where that thing lives."""
    for part in PurePosixPath(source.name).with_suffix("").parts:
        if part.strip("_") in _EMPTY_NAMES:
            yield Breach(1, part)


def missing_docstrings(source: Source) -> Iterator[Breach]:
    """Every module and every public class says in a sentence what it is."""
    if not ast.get_docstring(source.tree):
        yield Breach(1, "module")
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and not (node.name.startswith("_") or ast.get_docstring(node)):
            yield Breach(node.lineno, f"class {node.name}")


def module_state(source: Source) -> Iterator[Breach]:
    """No module holds state: give it to an object with an owner. A constant is UPPER_CASE and never changes."""
    names = set()
    for node in source.tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if _is_container(value):
                names.add(name)
                if not (name.isupper() or name.startswith("__")):
                    yield Breach(node.lineno, f"{name} is no constant by its name")
    for inner in source.nodes:
        if isinstance(inner, ast.Global):
            yield Breach(inner.lineno, f"global {', '.join(inner.names)}")
        elif isinstance(inner, ast.stmt | ast.expr) and _changed(inner) in names:
            yield Breach(inner.lineno, f"changes {_changed(inner)}")


def _is_container(node: ast.expr) -> bool:
    match node:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=func):
            return last_name(func) in _CONTAINERS
    return False


def _changed(node: ast.AST) -> str | None:
    """The name whose value a statement or call changes in place."""
    match node:
        case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
            return name
        case ast.AugAssign(target=ast.Name(id=name)):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=change)) if change in _CHANGES:
            return name
    return None


def singletons(source: Source) -> Iterator[Breach]:
    """Nothing but Qt's application is fetched from nowhere: hand it over to what needs it when that is made."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="instance")):
                if last_name(owner) not in _APPLICATIONS:
                    yield Breach(node.lineno, f"{ast.unparse(owner)}.instance()")


def printing(source: Source) -> Iterator[Breach]:
    """Only what runs in a terminal prints: tell the person by a notice, and the log by logging."""
    if source.name.startswith(_PRINTING):
        return
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Name(id="print")):
                yield Breach(node.lineno, "print()")


def one_computers(source: Source) -> Iterator[Breach]:
    """Nothing names one computer's folders, or the host of a package registry: it must work everywhere."""
    for number, line in enumerate(source.text.splitlines(), 1):
        found = _ONE_COMPUTERS.search(line)
        if found:
            yield Breach(number, found[0])


def test_files_have_at_most_500_lines() -> None:
    assert_kept(long_files, python("imagine_desktop", "packaging", "tests"))


def test_functions_have_at_most_60_lines() -> None:
    assert_kept(long_functions, python("imagine_desktop", "packaging"))


def test_modules_are_named_for_what_they_are_about() -> None:
    assert_kept(empty_names, python("imagine_desktop", "packaging"))


def test_every_module_and_public_class_says_what_it_is() -> None:
    assert_kept(missing_docstrings, python("imagine_desktop", "packaging"))


def test_no_module_holds_state() -> None:
    assert_kept(module_state, python("imagine_desktop", "packaging"))


def test_there_are_no_singletons() -> None:
    assert_kept(singletons, python("imagine_desktop", "packaging"))


def test_only_what_runs_in_a_terminal_prints() -> None:
    assert_kept(printing, python("imagine_desktop"))


def test_nothing_names_one_computers_folders_or_a_package_registry() -> None:
    assert_kept(one_computers, texts())


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (long_files, "x = 1\n" * 501),
        (long_functions, "def draw():\n" + "    step()\n" * 60),
        (long_functions, "async def draw():\n" + "    step()\n" * 60),
        (missing_docstrings, "import os"),
        (missing_docstrings, '"""A module."""\nclass Shown:\n    x = 1'),
        (module_state, "open_windows = []"),
        (module_state, "sizes: dict[str, int] = {}"),
        (module_state, "_queue = collections.deque()"),
        (module_state, "SIZES = {}\ndef keep(size):\n    SIZES[size] = 1"),
        (module_state, "SIZES = set()\ndef keep(size):\n    SIZES.add(size)"),
        (module_state, "SIZES = []\nSIZES += [1]"),
        (module_state, "def keep(size):\n    global last\n    last = size"),
        (singletons, "Library.instance().close()"),
        (printing, "print(text)"),
        (one_computers, "/".join(("log = '", "tmp", "log.txt'"))),
        (one_computers, "/".join(("# see ..", "shared"))),
        (one_computers, ".".join(("index = 'https://pypi", "org/simple'"))),
    ],
)
def test_a_rule_finds(rule: Rule, text: str) -> None:
    assert len(list(rule(Source("imagine_desktop/ui/shown.py", text)))) == 1


@pytest.mark.parametrize("name", ["ui/utils.py", "engine/_helpers.py", "common/size.py", "api/base.py"])
def test_a_name_that_says_nothing_is_found(name: str) -> None:
    assert len(list(empty_names(Source(f"imagine_desktop/{name}", "")))) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (long_files, "x = 1\n" * 500),
        (long_functions, "def draw():\n" + "    step()\n" * 59),
        (missing_docstrings, '"""A module."""\nclass _Hidden: ...'),
        (module_state, "SIZES = {1: 2}\n__all__ = ['SIZES']\ndef keep():\n    sizes = []\n    sizes.append(1)"),
        (singletons, "QApplication.instance()"),
        (one_computers, "URL = 'https://example.com/home/picture'"),
    ],
)
def test_a_rule_lets_pass(rule: Rule, text: str) -> None:
    assert list(rule(Source("imagine_desktop/ui/shown.py", text))) == []


@pytest.mark.parametrize("name", ["cli/list.py", "tour.py", "sandbox/__main__.py"])
def test_what_runs_in_a_terminal_may_print(name: str) -> None:
    assert list(printing(Source(f"imagine_desktop/{name}", "print(text)"))) == []
