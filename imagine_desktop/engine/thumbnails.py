"""Stored thumbnails, made where a rebuilt library has none yet; blocks, and is called in a thread."""

from collections.abc import Sequence
from contextlib import suppress

from imagine_desktop.domain.record import PictureId, PictureState
from imagine_desktop.errors import LibraryError
from imagine_desktop.imaging import decode, thumbnail
from imagine_desktop.library.library import Library


def stored(library: Library, ids: Sequence[PictureId], *, large: bool) -> dict[PictureId, bytes]:
    """The thumbnails of those pictures as JPEG; a picture that is missing or damaged has none."""
    found = library.records.thumbnails(ids, large=large)
    return found | made(library, [one for one in ids if one not in found], large=large)


def made(library: Library, ids: Sequence[PictureId], *, large: bool) -> dict[PictureId, bytes]:
    """The same, made from the pictures and stored in the place of what was there."""
    found = {}
    for picture in library.records.pictures(ids):
        if picture.state is not PictureState.SAVED or picture.path is None:
            continue
        with suppress(LibraryError, decode.Undecodable):
            both = thumbnail.make(library.files.read(picture.path))
            found[picture.id] = both.large if large else both.small
            if not library.read_only:
                library.ledger.add_thumbnails(picture.id, both.small, both.large)
    return found
