"""The verbs, and what is said before any of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import do
from environment import Environment

from .conftest import PACKAGING, Project

SCRIPT = PACKAGING / "do.py"


def find_old_python() -> str | None:
    """A Python that starts and is too old for the program."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for minor in range(6, 11):
        named = shutil.which(f"python3.{minor}")
        for python in [*map(str, pyenv.glob(f"3.{minor}.*/bin/python3")), *([named] if named else [])]:
            if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
                return python
    return None


def test_without_a_verb_the_verbs_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert do.main([]) == 2
    assert do.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for verb in ("setup", "run", "test", "check", "bench", "soak"):
        assert f"  {verb} " in shown


def test_an_unknown_verb_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert do.main(["fly"]) == 2
    assert "There is no verb 'fly'" in capsys.readouterr().err


def test_an_old_python_is_told_so_in_a_sentence() -> None:
    python = find_old_python()
    if python is None:
        pytest.skip("no Python older than 3.11 is installed")
    told = subprocess.run([python, SCRIPT, "run"], capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert told.stderr.startswith("Imagine Desktop needs Python 3.11 or newer; this is 3.")
    assert len(told.stderr.splitlines()) == 1


def test_a_broken_project_is_told_without_a_traceback(project: Project) -> None:
    (project.root / "pyproject.toml").write_text("x = [", encoding="utf-8")
    Path(project.root, ".venv", "setup.json").write_text(
        '{"root": "", "python": "", "requirements": "", "extras": []}', encoding="utf-8"
    )
    told = call_do(project, "run")
    assert told.returncode == 1
    assert "cannot be read" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for Python is a shell script")
class TestReadyProject:
    """Where everything is set up, a verb is handed to the environment's Python."""

    @pytest.fixture
    def ready(self, project: Project) -> Project:
        Environment(project.root).prepare(frozenset({"test"}))
        project.let_python('echo "key=$XAI_API_KEY url=$IMAGINE_BASE_URL at $(pwd)"; exit 7')
        (project.root / "calls").unlink()
        return project

    def test_run_hands_over_arguments_folder_account_and_exit_code(
        self, ready: Project, tmp_path: Path
    ) -> None:
        done = call_do(ready, "run", "generate", "a fox", "--json")
        assert ready.calls == ["-m imagine_desktop generate a fox --json"]
        assert done.stdout == f"key=secret url=https://example.com/v1 at {tmp_path}\n"
        assert done.returncode == 7

    def test_test_leaves_the_slow_ones_out_and_the_account_behind(self, ready: Project) -> None:
        done = call_do(ready, "test", "-k", "fox")
        assert ready.calls == ["-m pytest -m not slow -k fox"]
        assert done.stdout == f"key= url= at {ready.root}\n"
        assert done.returncode == 7

    def test_check_runs_every_check_and_names_those_that_failed(self, ready: Project) -> None:
        ready.let_python('case "$*" in *--check) exit 0;; esac; exit 1')
        done = call_do(ready, "check")
        assert ready.calls == ["-m ruff check", "-m ruff format --check", "-m mypy"]
        assert done.stderr.splitlines()[-1] == "check: ruff, mypy failed"
        assert done.returncode == 1

    def test_bench_leaves_the_account_behind(self, ready: Project) -> None:
        done = call_do(ready, "bench", "window")
        assert ready.calls == ["-m tests.scale.bench window"]
        assert done.stdout.startswith("key= url= ")


def call_do(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call the project's own do.py from beside it: an account in the environment, no display, and no apt."""
    variables = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    variables |= {"XAI_API_KEY": "secret", "IMAGINE_BASE_URL": "https://example.com/v1", "PATH": os.devnull}
    return subprocess.run(
        [sys.executable, project.root / "packaging" / "do.py", *arguments],
        cwd=project.root.parent,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
