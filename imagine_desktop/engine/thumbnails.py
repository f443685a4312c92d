"""Stored thumbnails, made where a rebuilt library has none yet; blocks, and is called in a thread."""

from collections.abc import Sequence
from contextlib import suppress

from imagine_desktop.domain.record import PictureId, PictureState
from imagine_desktop.errors import LibraryError
from imagine_desktop.imaging import decode, thumbnail
from imagine_desktop.library.library import Library


def stored(
    library: Library, ids: Sequence[PictureId], *, large: bool, anew: bool = False
) -> dict[PictureId, bytes]:
    """The thumbnails of those pictures as JPEG; a picture that is missing or damaged has none.

    With `anew` they are made from the pictures even where there are some: those are damaged.
    """
    found = {} if anew else library.records.thumbnails(ids, large=large)
    for picture in library.records.pictures([one for one in ids if one not in found]):
        if picture.state is not PictureState.SAVED or picture.path is None:
            continue
        with suppress(LibraryError, decode.Undecodable):
            made = thumbnail.make(library.files.read(picture.path))
            found[picture.id] = made.large if large else made.small
            if not library.read_only:
                library.ledger.add_thumbnails(picture.id, made.small, made.large)
    return found
