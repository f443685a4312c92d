"""Copies in a folder and in a zip: the story inside or left out, beside them where it is wanted."""

import io
import json
import sqlite3
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.domain.record import PictureId
from imagine_desktop.export import archive, exhibit, folder, naming
from imagine_desktop.export.copies import Style
from imagine_desktop.export.outcome import no_progress
from imagine_desktop.imaging import metadata
from imagine_desktop.library.library import Library
from tests.export.conftest import ALL, HOSTILE, SIZES, jpeg
from tests.scale.libraries import library_of

PLAIN = Style(has_metadata=False)


def test_a_copy_carries_its_story_and_the_same_pixels(shown: Library, tmp_path: Path) -> None:
    outcome = folder.export(shown, ALL, tmp_path / "out")
    stories = [metadata.story(path.read_bytes()) for path in outcome.files]
    assert [story.prompt if story else None for story in stories] == [
        "a harbour at night",
        "a harbour at night",
        "by day",
        HOSTILE,
        "from outside",
    ]
    assert [story.id for story in stories if story] == ["T1-0", "T1-1", "T2-0", "T3-0", "T4-0"]
    assert [story.sources for story in stories if story] == [
        (),
        (),
        ("T1-1",),
        ("T2-0",),
        ("file", "address"),
    ]
    for number, path in zip(SIZES, outcome.files, strict=True):
        with Image.open(path) as copy, Image.open(io.BytesIO(jpeg(number))) as delivered:
            assert copy.tobytes() == delivered.tobytes()
        assert shown.picture_path(PictureId(number)).read_bytes() == jpeg(number)
        assert b"Canary" not in path.read_bytes()
    assert (outcome.plain, outcome.notes) == ((), [])


def test_without_metadata_a_copy_is_what_was_delivered(shown: Library, tmp_path: Path) -> None:
    outcome = folder.export(shown, ALL, tmp_path / "out", style=PLAIN)
    for number, path in zip(SIZES, outcome.files, strict=True):
        assert path.read_bytes() == jpeg(number)
        assert b"harbour" not in path.read_bytes()


def test_a_picture_that_cannot_carry_its_story_is_copied_and_named(shown: Library, tmp_path: Path) -> None:
    shown.picture_path(PictureId(1)).write_bytes(b"GIF89a a")
    outcome = folder.export(shown, ALL, tmp_path / "out")
    assert outcome.files[0].read_bytes() == b"GIF89a a"
    assert outcome.notes == ["1 picture carries no metadata: its format has no place for it."]


@pytest.mark.parametrize("created", [-1.0, 1e20, float("inf")])
def test_a_time_that_no_calendar_knows_stops_nothing(shown: Library, tmp_path: Path, created: float) -> None:
    database = sqlite3.connect(shown.folder / "library.db")
    with database:
        database.execute("UPDATE turns SET created = ?", (created,))
    database.close()
    outcome = folder.export(shown, ALL, tmp_path / "out", style=Style(has_sidecars=True))
    assert len(outcome.files) == 5
    assert zipped(shown, Style())


def test_the_extension_is_what_the_picture_is(shown: Library, tmp_path: Path) -> None:
    png = io.BytesIO()
    Image.new("RGB", (3, 2)).save(png, "PNG")
    shown.picture_path(PictureId(1)).write_bytes(png.getvalue())
    outcome = folder.export(shown, ALL[:2], tmp_path / "out")
    assert [path.suffix for path in outcome.files] == [".png", ".jpg"]


def test_sidecars_tell_the_story_beside_the_picture(shown: Library, tmp_path: Path) -> None:
    style = Style(naming.parse("{prompt:20}"), has_metadata=False, has_sidecars=True)
    outcome = folder.export(shown, ALL, tmp_path / "out", style=style)
    assert len(list((tmp_path / "out").iterdir())) == 10
    for path in outcome.files:
        story = json.loads(path.with_name(path.name + ".json").read_text(encoding="utf-8"))
        assert story["file"] == path.name
    assert (story["prompt"], story["sources"], story["turn"]) == ("from outside", ["file", "address"], 4)
    assert "Canary" not in json.dumps(story)


def test_a_branch_is_the_line_that_leads_to_a_picture(shown: Library) -> None:
    assert exhibit.branch(shown, PictureId(4)) == [2, 3, 4]
    assert exhibit.branch(shown, PictureId(1)) == [1]


def test_search_finds_literally(shown: Library) -> None:
    assert exhibit.found(shown, "night harbour") == [1, 2]
    assert exhibit.found(shown, "=cmd|'") == [4]
    assert exhibit.found(shown, "%") == []


def zipped(library: Library, style: Style) -> bytes:
    file = io.BytesIO()
    archive.write(library, ALL, file, style, no_progress)
    return file.getvalue()


def test_a_zip_is_stored_in_order_and_the_same_each_time(shown: Library) -> None:
    style = Style(naming.parse("{model}"), has_sidecars=True)
    data = zipped(shown, style)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        entries = opened.infolist()
        assert [entry.filename for entry in entries[::2]] == [
            "grok-imagine-image.jpg",
            *(f"grok-imagine-image ({number}).jpg" for number in (2, 3, 4, 5)),
        ]
        assert {entry.compress_type for entry in entries} == {zipfile.ZIP_STORED}
        assert metadata.story(opened.read(entries[0])) is not None
        assert json.loads(opened.read(entries[7]))["prompt"] == HOSTILE
    assert zipped(shown, style) == data


class Drain(io.RawIOBase):
    """Takes any number of bytes and keeps none."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        size = memoryview(data).nbytes  # type: ignore[arg-type]
        self.written += size
        return size


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_10000_pictures_pass_through_little_memory() -> None:
    library = Library.open_reading(library_of(10_000))
    ids, drain = exhibit.of_session(library, None), Drain()
    tracemalloc.start()
    try:
        archive.write(library, ids, drain, Style(has_sidecars=True), no_progress)  # type: ignore[arg-type]
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        library.close()
    assert len(ids) == 10_000
    assert drain.written > 1_000_000_000
    assert peak_bytes < 64_000_000
