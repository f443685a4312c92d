"""A line of pictures as one that moves: each for a moment, in one size, as WebP or GIF."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import BadInput, LibraryError
from imagine_desktop.export.exhibit import exhibits
from imagine_desktop.export.outcome import Progress
from imagine_desktop.imaging import decode
from imagine_desktop.library.library import Library

if TYPE_CHECKING:
    from PIL import Image

MOST_PICTURES = 100
_SIDE_PX = {"WEBP": 1024, "GIF": 640}
_LAST_TIMES = 2  # the last picture stays so many times as long
_FADE_STEPS = 5
_FADE_MS = 60
_GROUND = "#1c1d1f"
_EACH_MS = 1200


@dataclass(frozen=True, slots=True)
class Tempo:
    """How long each picture stays, in milliseconds, and whether one fades into the next."""

    each_ms: int = _EACH_MS
    has_fade: bool = True


DEFAULT = Tempo()


def write(
    library: Library, ids: Sequence[PictureId], file: BinaryIO, kind: str, tempo: Tempo, progress: Progress
) -> None:
    """Write saved pictures as an animation, `kind` WEBP or GIF; blocks. It begins again when it ends.

    Its size is the last picture's, fitted; the others are fitted into it. Frames are made as they are encoded.
    Raises BadInput for more than 100 pictures, or LibraryError.
    """
    if len(ids) > MOST_PICTURES:
        raise BadInput("Pictures", f"an animation has {MOST_PICTURES} at most, not {len(ids)}")
    size = _fitted(_read(library, ids[-1]).size, _SIDE_PX[kind])
    frames = _Frames(library, ids, size, tempo, progress)
    first = frames.image(0)
    rest = [_Frame(frames.image, number) for number in range(1, len(frames.durations_ms))]
    made = io.BytesIO()  # Pillow would tell a full disk as an encoder's error
    first.save(
        made,
        kind,
        save_all=True,
        append_images=cast("list[Image.Image]", rest),
        duration=frames.durations_ms if rest else 0,
        loop=0,
        **({"quality": 84, "method": 3} if kind == "WEBP" else {"optimize": False}),
    )
    file.write(made.getbuffer())


class _Frames:
    """The frames by number: each picture, and where it fades the steps to the next one."""

    def __init__(
        self,
        library: Library,
        ids: Sequence[PictureId],
        size: tuple[int, int],
        tempo: Tempo,
        progress: Progress,
    ) -> None:
        self._library = library
        self._ids = ids
        self._size = size
        self._progress = progress
        self._steps = _FADE_STEPS if tempo.has_fade else 0
        self._near: dict[int, Image.Image] = {}
        self.durations_ms: list[int] = []
        for number in range(len(ids)):
            is_last = number == len(ids) - 1
            self.durations_ms.append(tempo.each_ms * (_LAST_TIMES if is_last else 1))
            self.durations_ms += [] if is_last else [_FADE_MS] * self._steps

    def image(self, number: int) -> "Image.Image":
        """One frame; frames are asked for in order, so that two pictures are in memory at most."""
        from PIL import Image

        at, step = divmod(number, self._steps + 1)
        if step == 0:
            self._progress(at + 1, len(self._ids))
            return self._picture(at)
        return Image.blend(self._picture(at), self._picture(at + 1), step / (self._steps + 1))

    def _picture(self, at: int) -> "Image.Image":
        if at not in self._near:
            self._near = {near: image for near, image in self._near.items() if near >= at - 1}
            self._near[at] = _laid(_read(self._library, self._ids[at]), self._size)
        return self._near[at]


class _Frame:
    """A frame that is made when the encoder comes to it: to Pillow an image of one frame in a strange mode."""

    mode = "none"
    has_transparency_data = False

    def __init__(self, make: "Callable[[int], Image.Image]", number: int) -> None:
        self._make = make
        self._number = number

    def seek(self, frame: int) -> None:
        """Raises EOFError behind the one frame, as Pillow's images do."""
        if frame:
            raise EOFError

    def convert(self, _mode: str) -> "Image.Image":
        """What the WebP encoder asks a strange mode for."""
        return self._make(self._number)

    def copy(self) -> "Image.Image":
        """What the GIF encoder works on."""
        return self._make(self._number)


def _read(library: Library, picture_id: PictureId) -> "Image.Image":
    path = next(exhibits(library, [picture_id])).picture.path or ""
    try:
        return decode.open_image(library.files.read(path))
    except decode.Undecodable as error:
        raise LibraryError(f"{path} cannot be shown: {error}.") from error


def _fitted(size: tuple[int, int], side_px: int) -> tuple[int, int]:
    scale = min(1.0, side_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _laid(image: "Image.Image", size: tuple[int, int]) -> "Image.Image":
    """The image in the middle of a ground of that size, as large as it fits."""
    from PIL import Image, ImageOps

    fitted = ImageOps.contain(image.convert("RGBA"), size, Image.Resampling.LANCZOS)
    ground = Image.new("RGB", size, _GROUND)
    ground.paste(fitted, ((size[0] - fitted.width) // 2, (size[1] - fitted.height) // 2), fitted)
    return ground
