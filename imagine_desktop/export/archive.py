"""Pictures in a zip: stored, not compressed again; the same pictures make the same bytes."""

import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO

from imagine_desktop.domain.record import PictureId
from imagine_desktop.export.copies import Style, copies
from imagine_desktop.export.naming import Names
from imagine_desktop.export.outcome import Progress
from imagine_desktop.library.library import Library

_FIRST, _LAST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)  # what a zip's date can say


def write(
    library: Library, ids: Sequence[PictureId], file: BinaryIO, style: Style, progress: Progress
) -> Counter[str]:
    """Write saved pictures into a zip, one in memory at a time; blocks.

    Returns why pictures carry no story, counted. Times are those of the turns, by Greenwich: a zip has no zone.
    """
    names = Names()
    plain: Counter[str] = Counter()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for copy in copies(library, ids, style):
            name = names.fresh(copy.stem, copy.extension)
            created = copy.shown.turn.created
            archive.writestr(_entry(name, created), copy.data)
            if style.has_sidecars:
                archive.writestr(_entry(names.fresh(name, ".json"), created), copy.sidecar(name))
            if copy.plain_because:
                plain[copy.plain_because] += 1
            progress(copy.shown.number, len(ids))
    return plain


def _entry(name: str, created: float) -> zipfile.ZipInfo:
    day = time.gmtime(created)[:6]
    entry = zipfile.ZipInfo(name, min(max(day, _FIRST), _LAST))
    entry.create_system = 3  # Unix, wherever it is made
    entry.external_attr = 0o644 << 16
    return entry
