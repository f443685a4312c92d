"""What is found lacking, and what is done about it as root and as anyone else."""

import sys
from pathlib import Path

import pytest

import system_packages
from steps import Failure
from system_packages import Lacking

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring what Qt needs")

QT = Path("lib", f"python3.{sys.version_info.minor}", "site-packages", "PySide6", "Qt")

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
}
WINDOWS = {"libxcb-cursor.so.0": "libxcb-cursor0"}


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which commands are looked for."""
    folder = tmp_path / "commands"
    folder.mkdir()
    (folder / "env").symlink_to("/usr/bin/env")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put_apt(commands: Path, then: str) -> Path:
    """Put an apt-get there that writes down how it was called, then does the shell's `then`."""
    log = commands / "log"
    apt = commands / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $@" >> {log}\n{then}\n', encoding="utf-8")
    apt.chmod(0o755)
    return log


@pytest.mark.parametrize(
    ("error", "soname"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "libEGL.so.1"),
        ("libxcb-cursor.so.0: cannot open shared object file: No such file", "libxcb-cursor.so.0"),
        ("/lib/libc.so.6: version `GLIBC_2.34' not found (required by libQt6Core.so.6)", None),
    ],
)
def test_the_loaders_message_names_the_library(error: str, soname: str | None) -> None:
    assert system_packages.missing_soname(error) == soname


def test_nothing_is_lacking_where_these_tests_run() -> None:
    assert (Path(sys.prefix) / QT / "plugins" / "platforms").is_dir()
    assert system_packages.find_lacking(Path(sys.prefix)).required == {}


def test_a_library_that_a_plugin_cannot_find_is_named(tmp_path: Path) -> None:
    here, there = Path(sys.prefix) / QT, tmp_path / QT
    (there / "plugins" / "platforms").mkdir(parents=True)
    (there / "lib").symlink_to(here / "lib")
    for name in ("libqoffscreen.so", "libqxcb.so"):
        plugin = (here / "plugins" / "platforms" / name).read_bytes()
        assert b"\0libX11.so.6\0" in plugin
        changed = plugin.replace(b"\0libX11.so.6\0", b"\0libX99.so.6\0")
        (there / "plugins" / "platforms" / name).write_bytes(changed)

    assert "libX99.so.6" in system_packages.find_lacking(tmp_path).required


def test_without_an_environment_ensurepip_is_asked_for_with_the_rest() -> None:
    package = f"python3.{sys.version_info.minor}-venv"
    assert system_packages.find_lacking(None).required == {"ensurepip": package}


def test_anyone_but_root_is_given_one_line_with_everything(commands: Path) -> None:
    put_apt(commands, "exit 0")
    with pytest.raises(Failure) as caught:
        system_packages.install(Lacking(LIBRARIES, WINDOWS), as_root=False)

    lines = [line.strip() for line in str(caught.value).splitlines() if "sudo" in line]
    assert lines == ["sudo apt-get install -y libegl1 libglib2.0-0 libxcb-cursor0"]
    assert not (commands / "log").exists()


def test_a_library_of_no_known_package_is_named_beside_the_line(commands: Path) -> None:
    put_apt(commands, "exit 0")
    with pytest.raises(Failure, match=r"install -y libegl1 .*\n.*own way: libnew\.so\.3\n"):
        system_packages.install(Lacking(LIBRARIES | {"libnew.so.3": ""}, {}), as_root=False)


def test_without_apt_the_libraries_are_named(commands: Path) -> None:
    with pytest.raises(Failure, match=r"own way: libEGL\.so\.1, libglib-2\.0\.so\.0, libgthread") as caught:
        system_packages.install(Lacking(LIBRARIES, {}), as_root=True)
    assert "apt-get" not in str(caught.value)


def test_without_real_windows_the_rest_goes_on(commands: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_apt(commands, "exit 0")
    system_packages.install(Lacking({}, WINDOWS), as_root=False)
    assert "sudo apt-get install -y libxcb-cursor0" in capsys.readouterr().err


def test_root_has_apt_install_it_unattended_from_fresh_lists(commands: Path) -> None:
    log = put_apt(commands, "exit 0")
    system_packages.install(Lacking(LIBRARIES, WINDOWS), as_root=True)

    update, install = log.read_text(encoding="utf-8").splitlines()
    assert update.startswith("noninteractive")
    assert update.endswith("update")
    assert install.startswith("noninteractive")
    assert install.endswith("install --yes --no-install-recommends libegl1 libglib2.0-0 libxcb-cursor0")


def test_an_update_that_fails_is_no_reason_to_stop(commands: Path) -> None:
    log = put_apt(commands, 'case "$*" in *update) exit 100;; esac')
    system_packages.install(Lacking(LIBRARIES, {}), as_root=True)
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2


def test_an_install_that_fails_is_told_in_apts_own_words(commands: Path) -> None:
    put_apt(commands, "echo E: Could not get lock; exit 100")
    with pytest.raises(Failure, match=r"(?s)update failed.*install failed \(exit 100\).*E: Could not get lock"):
        system_packages.install(Lacking(LIBRARIES, {}), as_root=True)


def test_an_install_that_fails_of_what_is_only_for_windows_stops_nothing(commands: Path) -> None:
    log = put_apt(commands, "exit 100")
    system_packages.install(Lacking({}, WINDOWS), as_root=True)
    assert len(log.read_text(encoding="utf-8").splitlines()) == 2
