"""Pictures of the library as pixels, for the window; every function blocks and is called in a thread."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imagine_desktop.domain.pixels import Pixels
from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.sending import Sending
from imagine_desktop.engine import flaws, thumbnails
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.errors import LibraryError
from imagine_desktop.imaging import decode, thumbnail
from imagine_desktop.library.library import Library

if TYPE_CHECKING:
    from imagine_desktop.domain.catalog import Limits
    from imagine_desktop.domain.story import Story


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
        path = self._library.picture_path(picture_id)
        try:
            return decode.pixels(path.read_bytes())
        except OSError as error:
            raise LibraryError(f"The picture's file cannot be read: {error.strerror}.") from error
        except decode.Undecodable as error:
            raise LibraryError(f"The picture's file is damaged: {error}.") from error

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
