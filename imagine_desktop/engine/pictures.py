"""Pictures of the library as pixels, for the window; every function blocks and is called in a thread."""

from collections.abc import Sequence
from pathlib import Path

from imagine_desktop.domain.catalog import Limits
from imagine_desktop.domain.pixels import Pixels
from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.story import Story
from imagine_desktop.engine import thumbnails
from imagine_desktop.errors import LibraryError
from imagine_desktop.imaging import decode, metadata, prepare, thumbnail
from imagine_desktop.library.library import Library


class PictureReader:
    """Decodes pictures and thumbnails of a library, and files that are to become sources."""

    def __init__(self, library: Library, limits: Limits) -> None:
        self._library = library
        self._limits = limits

    def thumbnails(self, ids: Sequence[PictureId], size_px: int) -> dict[PictureId, bytes]:
        """The thumbnails of those pictures, `size_px` long or the next size there is, as JPEG.

        They were made here, so the window may decode them itself, which is three times as fast.
        """
        return thumbnails.stored(self._library, ids, large=size_px > thumbnail.SMALL_PX)

    def full(self, picture_id: PictureId) -> Pixels:
        """A saved picture's own pixels. Raises ImagineError where its file is missing or damaged."""
        path = self._library.picture_path(picture_id)
        try:
            return decode.pixels(path.read_bytes())
        except OSError as error:
            raise LibraryError(f"The picture's file cannot be read: {error.strerror}.") from error
        except decode.Undecodable as error:
            raise LibraryError(f"The picture's file is damaged: {error}.") from error

    def story(self, path: Path) -> Story | None:
        """What a person's own file tells of how it was made, where this program or one like it wrote that.

        Raises BadInput for what is no file of a sensible size.
        """
        return metadata.story(prepare.read_file(path, self._limits))

    def preview(self, path: Path, size_px: int) -> Pixels:
        """A person's own file, checked as a source is and shrunk to fit. Raises BadInput."""
        upload = prepare.prepare(prepare.read_file(path, self._limits), path.name, self._limits)
        image = decode.open_image(upload.data)
        image.thumbnail((size_px, size_px))
        return decode.to_pixels(image)
