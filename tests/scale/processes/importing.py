"""An import of a folder, and the same files decoded to 512 pixels by libjpeg-turbo alone, in turn.

Arguments: the folder of pictures, where a library may be made. Prints JSON: what each round took.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import simplejpeg

from imagine_desktop.engine import importing
from imagine_desktop.library.library import Library
from tests.scale.processes.steps import Cost

_ROUNDS = 2
_CORES = 2
_SIDE = 512


def ours(folder: Path, place: Path) -> None:
    """The program's way, into a new library."""
    library = Library.open(place, "benchmark")
    try:
        found = importing.run(library, [folder])
        if found.added_count != found.file_count:
            raise RuntimeError(f"{found.added_count} of {found.file_count} were imported")
    finally:
        library.close()


def bare(folder: Path) -> None:
    """What no way can do without, on two cores."""

    def decode(path: Path) -> None:
        simplejpeg.decode_jpeg(path.read_bytes(), min_width=_SIDE, min_height=_SIDE, min_factor=1)

    with ThreadPoolExecutor(_CORES) as pool:
        for _ in pool.map(decode, sorted(folder.iterdir())):
            pass


def cost_of(work: Callable[[], None]) -> Cost:
    """What it takes."""
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    work()
    return {"s": time.perf_counter() - began_s, "cpu_s": time.process_time() - began_cpu_s}


def main(folder: Path, place: Path) -> None:
    """Measure both, after the files were read once."""
    bare(folder)
    found: dict[str, list[Cost]] = {"ours": [], "bare": []}
    for _ in range(_ROUNDS):
        found["bare"].append(cost_of(lambda: bare(folder)))
        found["ours"].append(cost_of(lambda: ours(folder, place)))
        shutil.rmtree(place)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
