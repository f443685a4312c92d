"""Thumbnails for every row of a made-up library, where only the newest rows have some of their own.

Without them the program would make the missing ones, which a library that grew has long.
"""

from collections.abc import Sequence

from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.library.library import Library
from imagine_desktop.ui import opening
from tests.scale.libraries import WITH_THUMBNAILS


class SharingReader(PictureReader):
    """Reads from the database as the program does, and gives an older picture what one of the newest has."""

    def __init__(self, library: Library, rows: int) -> None:
        super().__init__(library)
        self._newest = rows
        self._count = min(rows, WITH_THUMBNAILS)

    def thumbnails(
        self, ids: Sequence[PictureId], size_px: int, *, anew: bool = False
    ) -> dict[PictureId, bytes]:
        lenders = {one: PictureId(self._newest - one % self._count) for one in ids}
        found = super().thumbnails(list(lenders.values()), size_px, anew=anew)
        return {one: found[lender] for one, lender in lenders.items()}


def share(rows: int) -> None:
    """Let the window that is opened next read so."""
    vars(opening).update(PictureReader=lambda library: SharingReader(library, rows))
