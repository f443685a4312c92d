"""Pictures of the library as pixels, for the window; every function blocks and is called in a thread."""

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from imagine_desktop.domain.pixels import Difference, Pixels, Shown
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.domain.sending import Sending
from imagine_desktop.engine import flaws, thumbnails
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.errors import LibraryError
from imagine_desktop.imaging import decode, screen, thumbnail
from imagine_desktop.library.library import Library

if TYPE_CHECKING:
    from imagine_desktop.domain.catalog import Limits
    from imagine_desktop.domain.story import Story

_MOST_BYTES = 1_000_000_000
_VERIFY = "`imagine-desktop library verify` lists every picture that is not whole."


class PictureReader:
    """Decodes pictures and thumbnails of a library, and files that are to become sources."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def thumbnails(
        self, ids: Sequence[PictureId], size_px: int, *, anew: bool = False
    ) -> dict[PictureId, bytes]:
        """The thumbnails of those pictures, `size_px` long or the next size there is, as JPEG.

        They were made here, so the window may decode them itself, which is three times as fast. Where it
        cannot, it asks for them `anew`: they are made from the pictures again.
        """
        return thumbnails.stored(self._library, ids, large=size_px > thumbnail.SMALL_PX, anew=anew)

    def flaws(self, ids: Sequence[PictureId]) -> dict[PictureId, Flaw]:
        """Those of the pictures whose file is not as it was saved."""
        return flaws.flaws(self._library, ids)

    def full(self, picture_id: PictureId) -> Pixels:
        """A saved picture's own pixels. Raises ImagineError where its file is missing or damaged."""
        with _telling():
            return decode.pixels(_read(self._library.picture_path(picture_id)))

    def shown(self, picture_id: PictureId, is_urgent: bool) -> Shown:
        """A saved picture for the screen, reduced where it is very large, with a note that says so.

        Raises ImagineError where its file is missing, damaged, or too large to be shown at all.
        """
        with _telling():
            data = _read(self._library.picture_path(picture_id))
            found = screen.shown(data, is_urgent=is_urgent)
        picture = self._library.records.picture(picture_id)
        return replace(found, note=_note(found, len(data), picture))

    def difference(self, before: PictureId, after: PictureId) -> Difference:
        """How two saved pictures differ, in the size of the second. Raises ImagineError as `shown` does."""
        from imagine_desktop.imaging import difference

        with _telling():
            first, second = (_read(self._library.picture_path(one)) for one in (before, after))
            return difference.between(first, second)

    def story(self, path: Path, limits: "Limits") -> "Story | None":
        """What a person's own file tells of how it was made, where this program or one like it wrote that.

        Raises BadInput for what is no file of a sensible size.
        """
        from imagine_desktop.imaging import metadata, prepare

        return metadata.story(prepare.read_file(path, limits))

    def preview(
        self, path: Path, size_px: int, limits: "Limits", *, sends_originals: bool = False
    ) -> tuple[Pixels, Sending]:
        """A person's own file as it will be sent, shrunk to fit, and what becomes of it. Raises BadInput."""
        from imagine_desktop.imaging import prepare

        data = prepare.read_file(path, limits)
        make = prepare.unchanged if sends_originals else prepare.prepare
        upload = make(data, path.name, limits)
        image = decode.open_image(upload.data)
        image.thumbnail((size_px, size_px))
        return decode.to_pixels(image), prepare.described(data, upload)


@contextmanager
def _telling() -> Iterator[None]:
    """Makes LibraryError, in words for the person, of what goes wrong with a picture's file."""
    try:
        yield
    except FileNotFoundError as error:
        raise LibraryError("The picture's file is missing.", _VERIFY) from error
    except OSError as error:
        raise LibraryError(f"The picture's file cannot be read: {error.strerror}.") from error
    except decode.TooLarge as error:
        raise LibraryError(f"The picture is too large to be shown: {error}.") from error
    except decode.Undecodable as error:
        raise LibraryError(f"The picture's file is damaged: {error}.", _VERIFY) from error


def _read(path: Path) -> bytes:
    """A file's bytes, unless it is no file or of no picture's size: anything may stand in a picture's place."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise decode.Undecodable("it is no file")
    if not found.st_size:
        raise decode.Undecodable("it is empty")
    if found.st_size > _MOST_BYTES:
        raise decode.TooLarge(f"it has {found.st_size // 1_000_000:,} MB")
    return path.read_bytes()


def _note(found: Shown, byte_count: int, picture: Picture | None) -> str:
    """What to know of a picture that is shown: that there is more of it, or that it is another one."""
    notes = []
    if picture is not None and picture.byte_count and picture.byte_count != byte_count:
        notes.append("Its file is not the one that was saved.")
    if found.pixels.width < found.width:
        millions = found.width * found.height / 1_000_000
        part = round(found.width / found.pixels.width)
        notes.append(f"{millions:,.0f} megapixels, shown at 1/{part} of the size.")
    return " ".join(notes)
