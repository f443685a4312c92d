"""The library's folder, known again by more than its name."""

from pathlib import Path

from imagine_desktop.errors import LibraryGone


class Place:
    """The folder as it was when the library was opened. Raises OSError where there is none.

    After a rename SQLite writes on into the renamed folder, while pictures would go to a new one of the old
    name: nothing is paid for, and nothing made again, once another folder or none answers to the name.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._identity = self._look()

    def require(self) -> None:
        """Raises LibraryGone where the folder is not the one that was opened."""
        try:
            is_here = self._look() == self._identity
        except OSError:
            is_here = False
        if not is_here:
            raise LibraryGone(
                f"The library is gone: {self._folder} was moved, removed or unmounted.",
                "Nothing more is sent; put it back, or start the program again.",
            )

    def _look(self) -> tuple[int, int]:
        found = self._folder.stat()
        return found.st_dev, found.st_ino
