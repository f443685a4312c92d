"""A saved search as it is written and read back."""

import msgspec

from imagine_desktop.domain.sight import SavedSearch, Sight


def write(sight: Sight) -> str:
    """The sight as JSON."""
    return msgspec.json.encode(sight, order="sorted").decode()


def read(name: str, text: str) -> SavedSearch | None:
    """The search of that name; None for one that this version does not understand."""
    try:
        return SavedSearch(name, msgspec.json.decode(text, type=Sight))
    except msgspec.MsgspecError:
        return None
