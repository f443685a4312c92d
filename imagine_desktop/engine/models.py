"""The catalogue in use: what ships with the program, and over it what a profile's API listed last.

The list is asked for after the person's first act and at most once a day, or at a person's word. It is kept in
a file, with when it was fetched, so that the next start knows the prices; where that fails the old list stays.
"""

import json
import logging
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from imagine_desktop.api import models
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.errors import ApiError, LibraryError

_log = logging.getLogger(__name__)
_DAY_S = 86_400.0
_MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _List:
    """A list as it came, and when (Unix time)."""

    fetched_at: float
    answer: object


@dataclass(frozen=True, slots=True)
class Known:
    """A catalogue, and when its list was fetched (Unix time); None for what ships with the program alone."""

    catalog: Catalog
    fetched_at: float | None


class PriceLists:
    """The lists kept in a file, one a profile. Its methods block."""

    def __init__(self, path: Path, shipped: Catalog) -> None:
        self._path = path
        self._shipped = shipped
        self._asked_s: dict[str, float] = {}

    def known(self, profile_name: str) -> Known:
        """The catalogue for a profile."""
        kept = self._read().get(profile_name)
        if kept is None:
            return Known(self._shipped, None)
        try:
            return Known(self._shipped.updated(models.read(kept.answer)), kept.fetched_at)
        except ApiError as error:
            _log.warning("the kept list of models for %s is left out: %s", profile_name, error.message)
            return Known(self._shipped, None)

    def is_due(self, profile_name: str) -> bool:
        """Whether a list is a day old, or of the future, and was not asked for within a day."""
        asked = self._asked_s.get(profile_name)
        if asked is not None and time.monotonic() - asked < _DAY_S:
            return False
        kept = self._read().get(profile_name)
        return kept is None or not 0 <= time.time() - kept.fetched_at < _DAY_S

    def note_asked(self, profile_name: str) -> None:
        """That the list is being asked for: were it refused, it is not asked for at every act."""
        self._asked_s[profile_name] = time.monotonic()

    def keep(self, profile_name: str, answer: object) -> Known:
        """Keep a list that was understood. Raises LibraryError where it cannot be written."""
        lists = {**self._read(), profile_name: _List(time.time(), answer)}
        part = self._path.with_name(f".{self._path.name}.part")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(json.dumps({name: asdict(one) for name, one in lists.items()}).encode())
            part.replace(self._path)
        except OSError as error:
            raise LibraryError(f"The prices could not be kept: {error.strerror}.") from error
        return self.known(profile_name)

    def _read(self) -> dict[str, _List]:
        try:
            if self._path.stat().st_size > _MOST_BYTES:
                raise ValueError("it is too large")
            lists = json.loads(self._path.read_bytes())
            return {name: _List(float(one["fetched_at"]), one["answer"]) for name, one in lists.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            _log.warning("the prices in %s cannot be read: %s", self._path, error)
            return {}
