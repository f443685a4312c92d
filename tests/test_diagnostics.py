"""The log tells what went wrong and no secret, and the person alone can read it."""

import asyncio
import logging
import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagine_desktop import diagnostics
from imagine_desktop.api.connection import Connection
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import profile_at


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """A started log."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    path = tmp_path / "home" / "imagine-desktop.log"
    before = os.umask(0o022)
    diagnostics.start_log(path)
    yield path
    os.umask(before)
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("key xai-AbC_012-3456789 refused", "AbC_012"),
        ("{'authorization': 'Bearer sk-other.key/+='}", "sk-other"),
        ("authorization: bearer\tsk-other", "sk-other"),
        ("GET https://imgen.x.ai/a.jpg?token=Signed&x=1 failed", "Signed"),
        ("HTTPS://a.example/b?token=Signed", "Signed"),
        ("proxy http://person:Password@proxy.example:8080", "Password"),
        ('{"url": "data:image/png;base64,' + "QUJD" * 100 + '="}', "QUJDQUJD"),
        ("urlsafe " + "_-aB" * 60, "_-aB_-aB"),
    ],
)
def test_secrets_are_taken_out(text: str, secret: str) -> None:
    shown = diagnostics.redacted(text)
    assert secret not in shown
    assert "•••" in shown or "(long text)" in shown


def test_key_in_use_is_taken_out_whatever_it_looks_like(log: Path) -> None:
    key = "plain.key/of:another-server"

    async def use() -> None:
        connection = Connection(profile_at("https://api.example/v1"), Secret(key))
        await connection.client()
        logging.getLogger("imagine_desktop").warning("x-api-key: %s", key)
        await connection.aclose()

    asyncio.run(use())
    written = log.read_text(encoding="utf-8")
    assert "x-api-key: (key)\n" in written
    assert key not in written


@pytest.mark.parametrize("name", ["httpx", "httpcore", "httpcore.http11", "httpcore.connection"])
def test_what_speaks_http_logs_warnings_only(log: Path, name: str) -> None:
    logger = logging.getLogger(name)
    assert logger.getEffectiveLevel() == logging.WARNING
    logger.debug("send_request_headers.started")
    logger.info("HTTP Request: POST")
    assert log.read_text(encoding="utf-8") == ""


def test_texts_of_200_characters_stay_and_longer_encoded_ones_go() -> None:
    assert diagnostics.redacted("A" * 200) == "A" * 200
    assert diagnostics.redacted("A" * 201) == "(long text)"


def test_ordinary_text_stays() -> None:
    text = "turn 01J8 of https://api.x.ai/v1/images/edits failed: 503 (see pictures/a/b.jpg)"
    assert diagnostics.redacted(text) == text


def test_log_is_private_and_its_tracebacks_are_redacted(log: Path) -> None:
    try:
        raise ValueError("Bearer sk-canary and xai-Canary0123")
    except ValueError as error:
        report_id = diagnostics.report(error)
    logging.getLogger("httpx").info("GET https://a.example/?token=Signed")
    written = log.read_text(encoding="utf-8")
    assert report_id in written
    assert "Traceback" in written
    assert "canary" not in written.lower()
    assert "Signed" not in written
    if os.name != "nt":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_log_stays_private_and_small_when_it_grows(log: Path) -> None:
    logger = logging.getLogger("imagine_desktop.test")
    for _ in range(6):
        logger.info("word " * 100_000)
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == ["imagine-desktop.log", "imagine-desktop.log.1"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert sum(file.stat().st_size for file in files) < 5_000_000


def test_what_no_code_caught_is_reported_from_any_thread(log: Path) -> None:
    heard: list[tuple[BaseException, str]] = []
    hooks = sys.excepthook, threading.excepthook

    def fail() -> None:
        raise LookupError("in a thread")

    with diagnostics.catching_all(lambda error, report_id: heard.append((error, report_id))):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        sys.excepthook(OSError, OSError("in the main one"), None)
    assert (sys.excepthook, threading.excepthook) == hooks
    assert [type(error) for error, _ in heard] == [LookupError, OSError]
    assert all(report_id in log.read_text(encoding="utf-8") for _, report_id in heard)
