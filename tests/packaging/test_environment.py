"""When `.venv` is taken as it is, mended, or made anew."""

import os
import threading
from pathlib import Path

import pytest

from environment import Environment
from steps import CommandFailed, Failure

from .conftest import Project

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-in for Python is a shell script")

NONE: frozenset[str] = frozenset()
TEST = frozenset({"test"})


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_one_made_by_hand_is_built_upon_and_then_ready(project: Project) -> None:
    environment = Environment(project.root)
    assert not environment.is_ready(NONE)
    assert environment.fault() is None

    environment.prepare(NONE)

    assert environment.is_ready(NONE)
    assert not environment.is_ready(TEST)


def test_installs_everything_pinned_and_then_the_project_without_fetching(project: Project) -> None:
    Environment(project.root).prepare(TEST)

    requirements, editable = [call for call in project.calls if call.startswith("-m pip install")]
    assert f"--constraint {project.root}/packaging/constraints.txt" in requirements
    for wanted in ("builder>=1", "editables", "alpha>=1", "beta; python_version >= '3.11'", "gamma"):
        assert wanted in requirements
    assert editable.endswith(f"--no-build-isolation --no-deps --editable {project.root}")


def test_an_extra_once_installed_stays(project: Project) -> None:
    environment = Environment(project.root)
    environment.prepare(TEST)
    rewrite(project.root / "pyproject.toml", "alpha>=1", "alpha>=1.1")

    environment.prepare(NONE)

    assert environment.is_ready(TEST)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pyproject.toml", "alpha>=1", "alpha>=1.1"),
        ("pyproject.toml", "builder>=1", "builder>=2"),
        ("packaging/constraints.txt", "alpha==1.2", "alpha==1.3"),
    ],
)
def test_other_requirements_are_noticed(project: Project, file: str, old: str, new: str) -> None:
    environment = Environment(project.root)
    environment.prepare(NONE)

    rewrite(project.root / file, old, new)

    assert not environment.is_ready(NONE)
    assert environment.fault() is None


def test_a_change_that_installs_nothing_is_not_a_reason(project: Project) -> None:
    environment = Environment(project.root)
    environment.prepare(NONE)

    rewrite(project.root / "pyproject.toml", "[tool.hatch]", "[tool.ruff]\nline-length = 90\n\n[tool.hatch]")

    assert environment.is_ready(NONE)


def test_a_refusal_of_pip_is_told_in_its_own_last_words_and_leaves_what_there_is(project: Project) -> None:
    environment = Environment(project.root)
    project.let_python("for n in $(seq 40); do echo line $n; done; echo no such package; exit 3")

    with pytest.raises(CommandFailed, match=r"pip failed \(exit 3\)") as caught:
        environment.prepare(NONE)

    assert "no such package" in str(caught.value)
    assert "line 1\n" not in str(caught.value)
    assert not environment.is_ready(NONE)
    assert environment.fault() is None


def test_a_pip_that_was_killed_means_making_it_anew(project: Project) -> None:
    environment = Environment(project.root)
    environment.prepare(NONE)
    project.let_python("kill -KILL $$")

    with pytest.raises(CommandFailed):
        environment.prepare(TEST)

    assert not environment.is_ready(NONE)
    assert environment.fault() == "its last set-up was cut short"


def test_a_package_left_half_written_means_making_it_anew(project: Project) -> None:
    environment = Environment(project.root)
    half = project.root / ".venv" / "lib" / "alpha-1.2.dist-info"
    project.let_python(f"mkdir -p '{half}'; echo No space left on device; exit 1")

    with pytest.raises(CommandFailed, match="No space left"):
        environment.prepare(NONE)

    assert environment.fault() == "its last set-up was cut short"


def test_a_moved_folder_is_noticed(project: Project) -> None:
    Environment(project.root).prepare(NONE)

    moved = Environment(project.root.rename(project.root.with_name("elsewhere")))

    assert not moved.is_ready(NONE)
    assert moved.fault() == "the project's folder has moved"


def test_another_python_is_noticed(project: Project) -> None:
    project.let_python("exit 0", tag="cpython-38")
    assert Environment(project.root).fault() == "it was made by another Python"


def test_a_python_that_is_gone_is_noticed(project: Project) -> None:
    environment = Environment(project.root)
    environment.prepare(NONE)
    environment.python.unlink()

    assert not environment.is_ready(NONE)
    assert environment.fault() == "its Python does not start"


def test_a_broken_stamp_is_not_relied_on(project: Project) -> None:
    environment = Environment(project.root)
    environment.prepare(NONE)
    (environment.folder / "setup.json").write_text('{"root": 1', encoding="utf-8")

    assert not environment.is_ready(NONE)
    assert environment.fault() is None


def test_a_broken_pyproject_is_told_in_a_sentence(project: Project) -> None:
    (project.root / "pyproject.toml").write_text("x = [", encoding="utf-8")
    with pytest.raises(Failure, match=r"pyproject\.toml cannot be read"):
        Environment(project.root).prepare(NONE)


def test_a_second_set_up_waits_for_the_first(project: Project) -> None:
    order: list[str] = []

    def second() -> None:
        with Environment(project.root).held():
            order.append("second")

    other = threading.Thread(target=second)
    with Environment(project.root).held():
        other.start()
        other.join(timeout=0.3)
        order.append("first")
    other.join(timeout=10)
    assert order == ["first", "second"]
