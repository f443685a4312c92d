"""What the sandbox keeps in memory: pictures behind addresses, and files. Both are bounded."""

import time
from collections import OrderedDict
from dataclasses import dataclass

from imagine_desktop.sandbox.wire import new_id

_MAX_BYTES = 256 << 20
_ADDRESS_LIFETIME_S = 3600.0


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes under a name; times are seconds since 1970."""

    id: str
    name: str
    data: bytes
    mime_type: str
    created: float
    expires: float | None
    is_public: bool = False

    def described(self) -> dict[str, object]:
        """The file as the API describes it."""
        described: dict[str, object] = {
            "id": self.id,
            "object": "file",
            "bytes": len(self.data),
            "created_at": int(self.created),
            "filename": self.name,
            "purpose": "",
        }
        if self.expires is not None:
            described["expires_at"] = int(self.expires)
        return described


class Shelf:
    """Things kept until they expire, or until newer ones need the room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0

    def add(self, kept: Kept) -> Kept:
        """Keep something; the oldest make room for it."""
        self._kept[kept.id] = kept
        self._bytes += len(kept.data)
        while self._bytes > _MAX_BYTES and len(self._kept) > 1:
            self.remove(next(iter(self._kept)))
        return kept

    def get(self, kept_id: str) -> Kept | None:
        """What is kept under that id and has not expired."""
        kept = self._kept.get(kept_id)
        if kept is not None and kept.expires is not None and kept.expires <= time.time():
            self.remove(kept_id)
            return None
        return kept

    def remove(self, kept_id: str) -> bool:
        """Let go of something; whether it was there."""
        kept = self._kept.pop(kept_id, None)
        if kept is not None:
            self._bytes -= len(kept.data)
        return kept is not None

    def clear(self) -> None:
        """Let go of everything."""
        self._kept.clear()
        self._bytes = 0

    def all(self) -> list[Kept]:
        """Everything kept, newest first."""
        return [kept for kept_id in reversed(list(self._kept)) if (kept := self.get(kept_id)) is not None]


def picture(data: bytes) -> Kept:
    """A picture to be had for an hour, named as the API names its own."""
    name = f"xai-tmp-imgen-{new_id()}.jpeg"
    now = time.time()
    return Kept(name, name, data, "image/jpeg", now, now + _ADDRESS_LIFETIME_S)


def file(name: str, data: bytes, mime_type: str, *, lifetime_s: int | None, is_public: bool = False) -> Kept:
    """A file under a fresh id."""
    now = time.time()
    expires = None if lifetime_s is None else now + lifetime_s
    return Kept(new_id("file_"), name, data, mime_type, now, expires, is_public)
