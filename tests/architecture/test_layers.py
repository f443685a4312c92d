"""Who may import whom: the contracts of `[tool.importlinter]`, kept, and broken by what they forbid."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from grimp import ImportGraph
from importlinter import Contract, ContractCheck
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

from tests.architecture.sources import ROOT

_KINDS: dict[str, Callable[..., Contract]] = {
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}
_CONFIGURATION = read_configuration(str(ROOT / "pyproject.toml"))
CONTRACTS = {
    options["id"]: _KINDS[options["type"]](options["name"], _CONFIGURATION["session_options"], options)
    for options in _CONFIGURATION["contracts_options"]
}


@pytest.fixture(scope="module")
def graph() -> ImportGraph:
    """All imports of the package."""
    return _graph("imagine_desktop")


def _graph(package: str) -> ImportGraph:
    return grimp.build_graph(
        package, include_external_packages=True, exclude_type_checking_imports=False, cache_dir=None
    )


def _check(contract: str, graph: ImportGraph) -> ContractCheck:
    return CONTRACTS[contract].check(deepcopy(graph), verbose=False)  # a check may change the graph


@pytest.mark.parametrize("contract", CONTRACTS)
def test_imports_keep_the_contract(
    contract: str, graph: ImportGraph, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    check = _check(contract, graph)
    if not check.kept:
        CONTRACTS[contract].render_broken_contract(check)
        pytest.fail(f"{CONTRACTS[contract].name}.\n{capsys.readouterr().out}", pytrace=False)


@pytest.mark.parametrize(
    ("contract", "importer", "imported"),
    [
        ("layers", "tour", "imagine_desktop.__main__"),
        ("layers", "cli.main", "imagine_desktop.app"),
        ("layers", "engine.engine", "imagine_desktop.export.folder"),
        ("layers", "library.ledger", "imagine_desktop.imaging.decode"),
        ("layers", "paths", "imagine_desktop.domain.money"),
        ("layers", "sandbox.server", "imagine_desktop.errors"),
        ("window", "ui.studio", "asyncio"),
        ("window", "ui.feed", "qasync"),
        ("window", "ui.studio", "imagine_desktop.api.client"),
        ("window", "ui.images", "PIL"),
        ("qt", "engine.engine", "PySide6"),
        ("event loop", "ui.studio", "qasync"),
        ("network", "api.wire", "httpx"),
        ("connections", "api.client", "httpcore"),
        ("database", "export.folder", "sqlite3"),
        ("pixels", "ui.images", "PIL"),
        ("keys", "settings", "keyring"),
        ("sandbox", "engine.engine", "imagine_desktop.sandbox.models"),
    ],
)
def test_a_forbidden_import_breaks_the_contract(
    contract: str, importer: str, imported: str, graph: ImportGraph
) -> None:
    changed = deepcopy(graph)
    changed.add_import(
        importer=f"imagine_desktop.{importer}", imported=imported, line_number=1, line_contents="import"
    )
    assert not _check(contract, changed).kept


def test_a_module_without_a_layer_breaks_the_contract(graph: ImportGraph) -> None:
    changed = deepcopy(graph)
    changed.add_module("imagine_desktop.unplaced")
    assert not _check("layers", changed).kept


def test_imports_for_type_checkers_and_inside_functions_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "lazy_and_typed"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import sqlite3\n"
        "def draw():\n    from PIL import Image\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert _graph(package.name).find_modules_directly_imported_by(package.name) >= {"sqlite3", "PIL"}
