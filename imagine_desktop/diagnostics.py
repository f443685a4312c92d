"""The log, without secrets, and the one place where unexpected errors end up."""

import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

_log = logging.getLogger("imagine_desktop")
_LEAST_CONCEALED = 8  # a shorter key is a part of too many words
_HIDDEN = (
    (re.compile(r"xai-[A-Za-z0-9_-]{4,}"), "xai-•••"),
    (re.compile(r"(https?://)[^\s/@\"']+@", re.IGNORECASE), r"\1•••@"),
    (re.compile(r"Bearer\s+\S+", re.IGNORECASE), "Bearer •••"),
    (re.compile(r"(https?://[^\s?\"']+)\?[^\s\"']+", re.IGNORECASE), r"\1?•••"),
    (re.compile(r"[A-Za-z0-9+/_-]{201,}={0,2}"), "(long text)"),
)


def redacted(text: str, keys: Iterable[str] = ()) -> str:
    """A text without these keys and all that look like one, the queries of addresses, and long encoded data."""
    for key in keys:
        text = text.replace(key, "(key)")
    for pattern, replacement in _HIDDEN:
        text = pattern.sub(replacement, text)
    return text


def conceal(key: str) -> None:
    """Keep a key that is in use out of the logs that were started, whatever it looks like."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler.formatter, _RedactingFormatter) and len(key) >= _LEAST_CONCEALED:
            handler.formatter.keys |= {key}  # anew: another thread may be going through them


class _RedactingFormatter(logging.Formatter):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.keys: frozenset[str] = frozenset()

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record), self.keys)


class _PrivateFileHandler(logging.FileHandler):
    """Makes every file readable by the person alone, and keeps the full one before it.

    `logging.handlers` could do the second, but brings sockets and pickle into the start.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        super().__init__(path, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self.stream is not None and self.stream.tell() >= self._most_bytes:
                self.stream.close()
                Path(self.baseFilename).replace(f"{self.baseFilename}.1")
                self.stream = self._open()
        except (OSError, ValueError):
            self.handleError(record)
        super().emit(record)

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()


def forbid_core_dumps() -> None:
    """Leave no memory behind where the process crashes: the key is in it. Does nothing on Windows."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def start_log(path: Path) -> None:
    """Log to a file of at most 2 MB and one older one, readable by the person alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _PrivateFileHandler(path, most_bytes=2_000_000)
    handler.setFormatter(_RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in ("httpx", "httpcore", "qasync", "asyncio", "PIL"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def report(error: BaseException) -> str:
    """Log an unexpected error with its traceback; returns the id under which the log has it."""
    report_id = os.urandom(4).hex()
    _log.error("unexpected error, report %s", report_id, exc_info=error)
    return report_id


@contextmanager
def catching_all(reported: Callable[[BaseException, str], None]) -> Iterator[None]:
    """Send what no code caught, in any thread, to the log and then to `reported` with the error and its id."""

    def on_error(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, traceback)
            return
        reported(error, report(error))

    def on_thread_error(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            reported(arguments.exc_value, report(arguments.exc_value))

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = on_error, on_thread_error
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before
