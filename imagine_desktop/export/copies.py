"""A picture as it leaves the library: its bytes, with its story in them or beside them."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from imagine_desktop.domain.record import PictureId
from imagine_desktop.export import naming
from imagine_desktop.export.exhibit import Exhibit, exhibits
from imagine_desktop.export.naming import Template
from imagine_desktop.imaging import decode, metadata
from imagine_desktop.library.library import Library


@dataclass(frozen=True, slots=True)
class Style:
    """How copies are made: their names, their story inside (`has_metadata`) and in a JSON file beside them."""

    template: Template = naming.DEFAULT
    has_metadata: bool = True
    has_sidecars: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """One picture ready to be written.

    `plain_because` is why its bytes are as delivered though they were to carry its story; empty otherwise.
    """

    shown: Exhibit
    stem: str
    extension: str
    data: bytes
    plain_because: str

    def sidecar(self, name: str) -> bytes:
        """The story as JSON, for a picture that is called `name` in the export."""
        picture, turn, story = self.shown.picture, self.shown.turn, self.shown.story
        fields = {
            "format": 1,
            "file": name,
            "id": story.id,
            "created": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(turn.created)),
            "session": self.shown.session,
            "turn": self.shown.turn_number,
            "prompt": turn.prompt,
            "model": story.model,
            "aspect_ratio": turn.aspect_ratio,
            "resolution": turn.resolution,
            "quality": turn.quality,
            "count": turn.count,
            "sources": list(story.sources),
            "width": picture.width,
            "height": picture.height,
            "delivered_sha256": picture.sha256,
            "cost_ticks": picture.cost_ticks,
            "profile": turn.profile,
        }
        return json.dumps(fields, ensure_ascii=False, indent=1).encode(errors="replace") + b"\n"


def copies(library: Library, ids: Sequence[PictureId], style: Style) -> Iterator[Copy]:
    """The copies of saved pictures, one in memory at a time.

    Raises LibraryError where a picture's file is missing or unreadable.
    """
    for shown in exhibits(library, ids):
        relative = shown.picture.path or ""
        data, because = library.files.read(relative), ""
        if style.has_metadata and not shown.turn.is_import:  # the person's own picture tells its own story
            try:
                data = metadata.embed(data, shown.story)
            except metadata.CannotCarry as error:
                because = str(error)
        yield Copy(shown, style.template.stem(shown.subject), _extension(data, relative), data, because)


def _extension(data: bytes, relative: str) -> str:
    """By content; what is no picture any more keeps its own, as far as it can be part of a name."""
    mime = decode.sniff(data)
    if mime is not None:
        return f".{decode.EXTENSIONS[mime]}"
    suffix = PurePosixPath(relative).suffix
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= len(".jpeg") else ".bin"
