"""SQL is written out in the library, so that nothing from outside can become part of it."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Breach, Source, assert_kept, last_name, python

_EXECUTING = {"execute", "executemany", "executescript"}
_MIGRATIONS = "imagine_desktop/library/schema.py"  # PRAGMA takes no parameters: its number is formatted in


def composed_sql(source: Source) -> Iterator[Breach]:
    """SQL is literal text with bound parameters: write the statement out, and hand values over beside it.

    A function with a parameter `sql` may hand it on; what it is called with is looked at in its place.
    """
    constants = _constants(source.tree)
    forwarding = {name for node in source.nodes for name in _forwarding(node)}
    for node in source.nodes:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="sql")], value=value)
                | ast.AugAssign(target=ast.Name(id="sql"), value=value)
            ) if not _is_literal(value, constants):
                yield Breach(node.lineno, ast.unparse(node))
            case ast.Call(func=func, args=[statement, *_]) if last_name(func) in _EXECUTING | forwarding:
                is_migration = source.name == _MIGRATIONS and last_name(func) == "executescript"
                if not (is_migration or _is_literal(statement, constants) or last_name(statement) == "sql"):
                    yield Breach(node.lineno, ast.unparse(statement))


def _constants(tree: ast.Module) -> set[str]:
    """Names that the module gives to literal text."""
    names: set[str] = set()
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_literal(value, names):
                names.add(name)
    return names


def _forwarding(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef) and any(argument.arg == "sql" for argument in node.args.args):
        yield node.name


def _is_literal(node: ast.expr, constants: set[str]) -> bool:
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.Name(id=name):
            return name in constants
        case ast.BinOp(left=left, op=ast.Add(), right=right) | ast.IfExp(body=left, orelse=right):
            return _is_literal(left, constants) and _is_literal(right, constants)
    return False


def test_sql_is_literal_text() -> None:
    assert_kept(composed_sql, python("imagine_desktop"))


@pytest.mark.parametrize(
    "text",
    [
        'db.execute(f"SELECT * FROM turns WHERE id = {turn}")',
        'db.execute("SELECT * FROM turns WHERE id = %s" % turn)',
        'db.executemany("DELETE FROM turns WHERE id = {}".format(turn), rows)',
        'db.execute("SELECT * FROM " + table)',
        "def read(table):\n    statement = choose(table)\n    return db.execute(statement)",
        "def rows(name):\n    sql = f'SELECT * FROM {name}'\n    return db.execute(sql)",
        "def rows(sql, name):\n    sql += name\n    return db.execute(sql)",
        "def rows(sql):\n    return db.execute(sql)\nrows(f'SELECT {column} FROM turns')",
    ],
)
def test_composed_sql_is_found(text: str) -> None:
    assert len(list(composed_sql(Source("imagine_desktop/library/records.py", text)))) == 1


@pytest.mark.parametrize(
    "text",
    [
        'db.execute("SELECT * FROM turns WHERE id = ?", (turn,))',
        '_TURNS = "SELECT * FROM turns "\ndb.execute(_TURNS + "ORDER BY id")',
        "_A = 'SELECT 1'\n_B = _A + ' UNION SELECT 2'\ndb.execute(_A if small else _B)",
        "def rows(sql):\n    return db.execute(sql)\nrows('SELECT 1')",
    ],
)
def test_written_out_sql_passes(text: str) -> None:
    assert list(composed_sql(Source("imagine_desktop/library/records.py", text))) == []
