"""A small project whose `.venv` has a stand-in for Python, so that no test installs anything."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"

_PYPROJECT = """\
[build-system]
requires = ["builder>=1"]

[project]
name = "thing"
dependencies = ["alpha>=1", "beta; python_version >= '3.11'"]

[project.optional-dependencies]
test = ["gamma"]

[tool.hatch]
"""

_PYTHON = """\
#!/bin/sh
echo "$@" >> "{log}"
case "$1" in -I) echo {tag}; exit 0;; esac
{then}
"""


@dataclass(frozen=True)
class Project:
    """Its root, and what its stand-in for Python was called with."""

    root: Path

    @property
    def calls(self) -> list[str]:
        """The arguments of each call so far."""
        log = self.root / "calls"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def let_python(self, then: str, tag: str = str(sys.implementation.cache_tag)) -> None:
        """Have Python be of the implementation `tag`, and do the shell's `then` when it is called."""
        python = self.root / ".venv" / "bin" / "python"
        python.write_text(_PYTHON.format(log=self.root / "calls", tag=tag, then=then), encoding="utf-8")
        python.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a `.venv` that looks made by hand: sound, and without a stamp."""
    root = tmp_path / "project"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "pyvenv.cfg").touch()
    (root / "pyproject.toml").write_text(_PYPROJECT, encoding="utf-8")
    (root / "packaging").mkdir()
    for script in PACKAGING.glob("*.py"):
        shutil.copy(script, root / "packaging")
    (root / "packaging" / "constraints.txt").write_text("alpha==1.2\n", encoding="utf-8")
    made = Project(root)
    made.let_python("exit 0")
    return made
