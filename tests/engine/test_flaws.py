"""Pictures whose files something happened to: what is said of them, and what their tiles show."""

import os
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.library.library import Library
from tests.imaging.samples import encoded, halves
from tests.library.conftest import add_turn, charge, save

_LATER_S = 10 * 86_400.0


@pytest.fixture
def picture_id(library: Library) -> PictureId:
    """A saved picture."""
    [made] = add_turn(library, library.ledger.add_session(), "T1")
    charge(library, "T1", None)
    save(library, "T1", made, encoded(halves((64, 48)), "JPEG"))
    return made


def _file(library: Library, picture_id: PictureId) -> Path:
    return library.picture_path(picture_id)


def _touch_later(path: Path) -> None:
    later = path.stat().st_mtime + _LATER_S
    os.utime(path, (later, later))


def _flaw(library: Library, picture_id: PictureId) -> Flaw | None:
    return PictureReader(library).flaws([picture_id, PictureId(999)]).get(picture_id)


def test_a_file_as_it_was_saved_has_no_flaw_touched_or_not(library: Library, picture_id: PictureId) -> None:
    assert _flaw(library, picture_id) is None
    _touch_later(_file(library, picture_id))
    assert _flaw(library, picture_id) is None


def test_a_picture_that_is_not_here_yet_has_none(library: Library) -> None:
    [pending] = add_turn(library, library.ledger.add_session(), "T2")
    assert _flaw(library, pending) is None


def test_a_missing_file(library: Library, picture_id: PictureId) -> None:
    _file(library, picture_id).unlink()
    assert _flaw(library, picture_id) is Flaw.MISSING


def test_an_empty_file(library: Library, picture_id: PictureId) -> None:
    _file(library, picture_id).write_bytes(b"")
    assert _flaw(library, picture_id) is Flaw.EMPTY


def test_another_picture_in_its_place(library: Library, picture_id: PictureId) -> None:
    _file(library, picture_id).write_bytes(encoded(halves((80, 20)), "JPEG"))
    assert _flaw(library, picture_id) is Flaw.REPLACED


@pytest.mark.parametrize("kept_bytes", [1, 100, 400])
def test_a_file_that_was_cut_short(library: Library, picture_id: PictureId, kept_bytes: int) -> None:
    path = _file(library, picture_id)
    path.write_bytes(path.read_bytes()[:kept_bytes])
    assert _flaw(library, picture_id) is Flaw.DAMAGED


def test_bytes_changed_in_place(library: Library, picture_id: PictureId) -> None:
    path = _file(library, picture_id)
    data = bytearray(path.read_bytes())
    data[:64] = bytes(64)
    path.write_bytes(data)
    _touch_later(path)
    assert _flaw(library, picture_id) is Flaw.DAMAGED


def test_a_folder_that_cannot_be_read(library: Library, picture_id: PictureId) -> None:
    folder = _file(library, picture_id).parent
    folder.rename(folder.with_name("aside"))
    folder.write_text("no folder")  # a mode of 0 would not keep root out
    assert _flaw(library, picture_id) is Flaw.UNREADABLE


def test_a_thumbnail_outlives_its_picture(library: Library, picture_id: PictureId) -> None:
    reader = PictureReader(library)
    before = reader.thumbnails([picture_id], 256)
    _file(library, picture_id).unlink()
    assert reader.thumbnails([picture_id], 256) == before
    assert reader.thumbnails([picture_id], 256, anew=True) == {}


def test_a_damaged_thumbnail_is_made_anew_and_kept(library: Library, picture_id: PictureId) -> None:
    reader = PictureReader(library)
    whole = reader.thumbnails([picture_id], 256)
    library.ledger.add_thumbnails(picture_id, b"\xff\xd8", b"\xff\xd8")
    assert reader.thumbnails([picture_id], 256) == {picture_id: b"\xff\xd8"}
    assert reader.thumbnails([picture_id], 256, anew=True) == whole
    assert reader.thumbnails([picture_id], 256) == whole
