"""What the rules of the architecture look at: the project's own files, each read and parsed once."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_FOLDERS = (".ci", "imagine_desktop", "packaging", "resources", "tests")
_TEXT_SUFFIXES = ("", ".desktop", ".json", ".md", ".py", ".sh", ".spec", ".svg", ".toml", ".ts", ".txt", ".xml")


@dataclass(frozen=True)
class Source:
    """One file; `name` is its path from the project's root, with slashes."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file as Python."""
        return ast.parse(self.text, self.name)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All nodes of the tree."""
        return tuple(ast.walk(self.tree))


@dataclass(frozen=True, slots=True)
class Breach:
    """What breaks a rule, and in which line."""

    line: int
    what: str


Rule = Callable[[Source], Iterator[Breach]]
"""Finds the breaches in a file; its docstring says the rule and what to do instead."""


@cache
def python(*folders: str) -> tuple[Source, ...]:
    """All Python files below folders of the project."""
    return tuple(_read(path) for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))


@cache
def texts() -> tuple[Source, ...]:
    """All text files of the project, Python or not."""
    top = [path for path in ROOT.iterdir() if not path.name.startswith(".")]  # not what tools leave there
    below = [path for folder in _FOLDERS for path in (ROOT / folder).rglob("*")]
    paths = sorted(top + below)
    return tuple(_read(path) for path in paths if path.suffix in _TEXT_SUFFIXES and path.is_file())


def assert_kept(rule: Rule, sources: tuple[Source, ...]) -> None:
    """Fail with every place that breaks the rule, below what the rule says."""
    assert sources, "no files to look at"
    breaches = [f"{source.name}:{found.line}: {found.what}" for source in sources for found in rule(source)]
    if breaches:
        pytest.fail("\n".join([rule.__doc__ or "", *breaches]), pytrace=False)


def last_name(node: ast.expr) -> str:
    """The last part of a dotted name: `exec` of `box.exec`; empty where there is none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _read(path: Path) -> Source:
    return Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
