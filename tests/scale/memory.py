"""B7, B15: what the program holds in memory. Linux only: the kernel tells each process's share of it."""

import json
import time
from pathlib import Path

from imagine_desktop.ui.gallery.thumbnails import LIMIT_BYTES
from tests.scale.libraries import folder_of, library_of
from tests.scale.measuring import MB, Measured, Options, output_of, own_home, pss_mb, staying

_FEW, _MANY = 1_000, 1_000_000
_PAGES = 40
_MORE_MB = 40.0
_IMPORTED = 10_000
_DETAILS, _QUALITY = (0,), 50  # 60 KB each: 10,000 of them fit on a disk, twice
_TIMES_BARE = 2.2
_SETTLE_S = 1.0


def of_rows(options: Options) -> list[Measured]:
    """The window with all pictures of a large library in its gallery, less the same with a small one."""
    few, many = options.pick(_FEW, 120), options.rows_or(_MANY)
    pages = str(options.pick(_PAGES, 2))
    with own_home() as environment:
        small, large = (
            json.loads(output_of("holding", str(library_of(rows)), str(rows), pages, environment=environment))
            for rows in (few, many)
        )
    of_large, of_small = large["stages"]["scrolled"], small["stages"]["scrolled"]
    pixmaps = max(small["pixmaps"], large["pixmaps"])
    looked = f"the most in {pages} pages"
    return [
        Measured(
            "B7",
            f"memory at {many:,} − at {few:,} rows",
            of_large - of_small,
            "MB",
            _MORE_MB,
            f"{of_large:.0f} − {of_small:.0f} MB, PSS",
        ),
        Measured("B7", "pixmaps kept, within their bound", pixmaps, "MB", LIMIT_BYTES / MB, looked),
    ]


def after_import(options: Options) -> list[Measured]:
    """A folder imported in the window, every page of it looked at; a bare window beside it."""
    count = options.pick(_IMPORTED, 16)
    folder = folder_of(count, _DETAILS, quality=_QUALITY)
    with own_home() as environment:
        library = Path(environment["IMAGINE_DESKTOP_HOME"]) / "library"
        with staying("bare", "stay", environment=environment) as process:
            time.sleep(min(_SETTLE_S, options.pick(_SETTLE_S, 0.1)))
            bare_mb = pss_mb(process)
        found = json.loads(output_of("holding", str(library), str(folder), "all", environment=environment))
    stages = found["stages"]
    control = f"{stages['scrolled']:.0f} ÷ {bare_mb:.0f} MB, PSS"
    told = {
        "with an empty library": stages["opened"],
        "once imported, the first page shown": stages["filled"],
        "of it pixmaps, at most": found["pixmaps"],
    }
    return [
        Measured(
            "B15",
            f"memory, {count:,} pictures imported and looked at ÷ bare",
            stages["scrolled"] / bare_mb,
            "×",
            _TIMES_BARE,
            control,
        ),
        *(Measured("B15", what, mb, "MB", None, "") for what, mb in told.items()),
    ]
