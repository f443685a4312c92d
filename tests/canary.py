"""The one key of the whole suite, and the search for it in all that the suite makes.

Every test that needs a key uses `KEY`. A `Watch` looks for it, in the encodings in which it might travel, in
the arguments and the environment of every process, in what processes and tests print, in log records, on the
clipboard, in requests, and at the end in every file. It is allowed in two places: in the header `Authorization`
of a request to the API, and in `XAI_API_KEY` of a process that a test starts as a person's shell would.
"""

import base64
import logging
import os
import re
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

KEY = "xai-CANARY" + os.urandom(12).hex()
_PRODUCT = str(Path(__file__).parents[1] / "imagine_desktop") + os.sep
_LOOK_EVERY_S = 0.5
_PIECE_BYTES, _OVERLAP_BYTES = 1 << 22, 256


def _forms(key: str) -> re.Pattern[bytes]:
    """The key as bytes: plain, in UTF-16, and in base64, of which each offset in a text looks different."""
    inner = [base64.b64encode(b"x" * offset + key.encode())[4:-4] for offset in range(3)]
    forms = [key.encode(), key.encode("utf-16-le"), key.encode("utf-16-be"), *inner]
    return re.compile(b"|".join(map(re.escape, forms)))


_FORMS = _forms(KEY)


def is_in(data: str | bytes) -> bool:
    """Whether the key is in a text or in bytes."""
    return bool(_FORMS.search(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")))


def files_with_key(folder: Path) -> Iterator[str]:
    """What below a folder holds the key: files in their content, and anything in its name."""
    for place, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(place, name)
            if is_in(name):
                yield f"the name of {path}"
            if name in files and path.is_file() and not path.is_symlink() and any(map(is_in, _pieces(path))):
                yield f"{path}"


def _pieces(path: Path) -> Iterator[bytes]:
    """A file's content in pieces that overlap by more than the key, without the holes of a sparse file."""
    try:
        with path.open("rb") as file:
            start, size = 0, os.fstat(file.fileno()).st_size
            while start < size:
                if hasattr(os, "SEEK_DATA"):
                    start = os.lseek(file.fileno(), start, os.SEEK_DATA)
                file.seek(max(0, start - _OVERLAP_BYTES))
                piece = file.read(_PIECE_BYTES)
                if not piece:  # it has shrunk
                    return
                yield piece
                start += len(piece) - min(start, _OVERLAP_BYTES)
    except OSError:  # only a hole is left; or a test took the permissions away, or the disk is gone
        return


def request_with_key(request: Mapping[str, object]) -> str:
    """Where a request, as the sandbox logs it, holds the key and should not; empty where it is clean."""
    headers = request["headers"]
    assert isinstance(headers, Mapping)
    is_api = str(request["path"]).startswith("/v1/")
    told = {name: value for name, value in headers.items() if not (is_api and name == "authorization")}
    return f"the request for {request['path']}" if is_in(repr({**request, "headers": told})) else ""


class Watch:
    """A pytest plugin. What it finds fails the session."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.folder: Path | None = None  # where the session's temporary files are
        self._seen = {"requests": 0, "processes": 0}
        self._ended = threading.Event()
        self._looker = threading.Thread(target=self._look_at_processes, name="canary", daemon=True)

    def look(self, where: str, data: str | bytes) -> None:
        """Note the place where the key is in these."""
        if is_in(data):
            self.note(where)

    def note(self, where: str) -> None:
        """Note a place where the key is."""
        if where not in self.found:
            self.found.append(where)

    def look_at_requests(self, requests: Iterable[Mapping[str, object]]) -> None:
        """Note the requests that hold the key where it should not be."""
        for request in requests:
            self._seen["requests"] += 1
            if where := request_with_key(request):
                self.note(where)

    def pytest_sessionstart(self) -> None:
        """Begin to listen."""
        handler = _LogWatch(self)
        logging.getLogger().addHandler(handler)
        sys.addaudithook(self._on_audit_event)
        self._watch_what_processes_print()
        if Path("/proc/self/stat").exists():
            self._looker.start()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at what a test printed and logged."""
        for name, text in report.sections:
            self.look(f"{name} of {report.nodeid}", text)

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Look at the clipboard, and at the environment that a test leaves."""
        if QGuiApplication.instance() is not None:
            self.look(f"the clipboard after {item.nodeid}", QGuiApplication.clipboard().text())

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look at every file; the temporary folders of tests that passed are still there."""
        self._ended.set()
        if self.folder is not None:
            self.found += files_with_key(self.folder)
        if self.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was found."""
        for where in self.found:
            terminalreporter.write_line(f"The key is in {where}.", red=True)
        seen = ", ".join(f"{count} {what}" for what, count in self._seen.items())
        terminalreporter.write_line(f"Key canary: {len(self.found)} hits (files, output, clipboard, {seen})")

    def _on_audit_event(self, event: str, arguments: tuple[object, ...]) -> None:
        if event != "subprocess.Popen" or self._ended.is_set():
            return
        self._seen["processes"] += 1
        _, command, _, environment = arguments
        self.look(f"the arguments {command!r:.80}".replace(KEY, "…"), repr(command))
        given = os.environ if environment is None else environment
        assert isinstance(given, Mapping)
        told = {os.fsdecode(name): os.fsdecode(value) for name, value in given.items()}
        if not _is_started_by_product():
            told.pop("XAI_API_KEY", None)
        self.look(f"the environment of {command!r:.80}".replace(KEY, "…"), repr(told))

    def _watch_what_processes_print(self) -> None:
        communicate: Callable[..., tuple[str | bytes | None, ...]] = subprocess.Popen.communicate

        def watched(process: "subprocess.Popen[str]", *args: object, **kwargs: object) -> tuple[object, ...]:
            printed = communicate(process, *args, **kwargs)
            for text in printed:
                self.look(f"what {process.args!r:.80} printed".replace(KEY, "…"), text or "")
            return printed

        subprocess.Popen.communicate = watched  # type: ignore[method-assign,assignment]  # the same, watched

    def _look_at_processes(self) -> None:
        """What the children of this process's children are given: only this program starts those."""
        suspected: set[str] = set()
        while not self._ended.wait(_LOOK_EVERY_S):
            found = set(_processes_with_key(os.getpid()))
            for where in found & suspected:  # twice: a child shows its parent's words until it runs its own
                self.note(where)
            suspected = found


class _LogWatch(logging.Handler):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch
        self._formatter = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        self._watch.look(f"a log record of {record.name}", self._formatter.format(record))


def _is_started_by_product() -> bool:
    frames = (frame for frame, _ in traceback.walk_stack(None))
    return any(frame.f_code.co_filename.startswith(_PRODUCT) for frame in frames)


def _processes_with_key(root: int) -> Iterator[str]:
    """Where processes below `root` show the key: in arguments, or, but for its children, in environments."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                after_name = (entry / "stat").read_bytes().rpartition(b")")[2]
                parents[int(entry.name)] = int(after_name.split()[1])
            except (OSError, IndexError):
                continue  # it has ended
    for pid, its_parent in parents.items():
        depth, parent = 1, its_parent
        while parent != root and parent in parents:
            depth, parent = depth + 1, parents[parent]
        if parent != root:
            continue
        for name in ("cmdline",) if depth == 1 else ("cmdline", "environ"):
            try:
                data = Path(f"/proc/{pid}/{name}").read_bytes()
            except OSError:
                continue
            if is_in(data):
                yield f"/proc/{pid}/{name}"
