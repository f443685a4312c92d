"""A person's own pictures join the library: whole, once, with their date, and again after a kill."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from imagine_desktop.domain.budget import Grouping
from imagine_desktop.domain.imports import Import, ImportChanged, Look
from imagine_desktop.domain.job import Event
from imagine_desktop.domain.record import Picture, Turn
from imagine_desktop.domain.sight import Scope, ScopeKind, Sight
from imagine_desktop.domain.story import Story
from imagine_desktop.engine import importing
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import BadInput, DiskFull, LibraryError
from imagine_desktop.imaging import metadata
from imagine_desktop.library import library as libraries
from imagine_desktop.library.library import Library
from imagine_desktop.library.rebuild import rebuild
from tests.imaging import samples
from tests.imaging.samples import encoded

TAKEN_S = 1_300_000_000.0


def photo(seed: int, kind: str = "JPEG", side: int = 64) -> bytes:
    """A picture of its own content."""
    noise = random.Random(seed).randbytes(8 * 8 * 3)
    return encoded(Image.frombytes("RGB", (8, 8), noise).resize((side, side)), kind)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A person's folder: three pictures in two folders, all of one second."""
    made = tmp_path / "Holiday"
    (made / "day 2").mkdir(parents=True)
    for seed, (name, kind) in enumerate((("a.jpg", "JPEG"), ("b.png", "PNG"), ("day 2/c.webp", "WEBP"))):
        (made / name).write_bytes(photo(seed, kind))
        os.utime(made / name, (TAKEN_S, TAKEN_S + seed))
    return made


def entered(library: Library) -> list[tuple[Turn, Picture]]:
    """All turns, the oldest first, each with its picture."""
    records = library.records
    return [(turn, picture) for turn in records.turns() for picture in records.pictures(turn.picture_ids)]


def counts(found: Import) -> tuple[int, int, int, int]:
    """Added, known, foreign, faulty."""
    return found.added_count, found.known_count, found.foreign_count, found.fault_count


def test_pictures_join_whole_with_their_date_and_thumbnails(library: Library, folder: Path) -> None:
    found = importing.run(library, [folder])
    assert counts(found) == (3, 0, 0, 0)
    assert (found.file_count, found.seen_count, found.sessions) == (3, 3, ("Holiday",))
    both = entered(library)
    names = ["Holiday/a.jpg", "Holiday/b.png", "Holiday/day 2/c.webp"]
    assert [turn.imported_from for turn, _ in both] == names
    for seed, (turn, picture) in enumerate(both):
        assert turn.is_import
        assert turn.title == names[seed].rpartition("/")[2]
        assert (turn.created, picture.created) == (TAKEN_S + seed, TAKEN_S + seed)
        original = folder.parent / names[seed]
        assert library.picture_path(picture.id).read_bytes() == original.read_bytes()
        assert (picture.width, picture.height) == (64, 64)
    ids = [picture.id for _, picture in both]
    assert set(library.records.thumbnails(ids, large=True)) == set(ids)
    assert library.integrity.verify().wrong == ()
    assert library.integrity.foreign_files() == []


def test_no_cost_is_told_of_what_nobody_asked_for(library: Library, folder: Path) -> None:
    importing.run(library, [folder])
    assert library.records.sums(Grouping.MODEL) == []
    assert library.records.spent_ticks(0) == 0
    assert library.records.unfinished_turns() == []
    [session] = library.records.sessions()
    assert (session.name, session.picture_count, session.cost_ticks) == ("Holiday", 3, 0)


def test_done_again_it_adds_nothing(library: Library, folder: Path) -> None:
    importing.run(library, [folder])
    (folder / "again.jpg").write_bytes((folder / "a.jpg").read_bytes())
    assert counts(importing.run(library, [folder], "Another")) == (0, 4, 0, 0)
    assert [session.name for session in library.records.sessions()] == ["Holiday"]


def test_of_two_files_with_one_content_one_joins(library: Library, folder: Path) -> None:
    for number in range(20):
        (folder / f"copy {number}.jpg").write_bytes((folder / "a.jpg").read_bytes())
    assert counts(importing.run(library, [folder, folder / "a.jpg"], "All")) == (3, 21, 0, 0)


def test_what_cannot_join_is_told_and_stops_nothing(library: Library, folder: Path) -> None:
    (folder / "notes.txt").write_text("no picture")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "cut.jpg").write_bytes(photo(9)[:-300])
    (folder / ".hidden.jpg").write_bytes(photo(10))
    (folder / "huge.jpg").write_bytes(photo(11))
    os.truncate(folder / "huge.jpg", 128 * 1024 * 1024 + 1)
    found = importing.run(library, [folder])
    assert counts(found) == (3, 0, 2, 2)
    told = {Path(one.path).name: one.reason for one in found.skipped}
    assert told == {
        "notes.txt": "it is no JPEG, PNG, WebP or GIF picture",
        "empty.jpg": "it is no JPEG, PNG, WebP or GIF picture",
        "cut.jpg": "the picture is damaged or incomplete",
        "huge.jpg": "it is larger than 128 MB",
    }


@pytest.mark.parametrize("side", [20_000, 100_000])
def test_a_picture_that_claims_to_be_huge_is_told_and_not_decoded(
    library: Library, folder: Path, side: int
) -> None:
    (folder / "bomb.png").write_bytes(samples.png_claiming(side, side))
    found = importing.run(library, [folder])
    assert counts(found) == (3, 0, 0, 1)
    [told] = found.skipped
    assert "megapixels" in told.reason


def test_the_prompts_that_files_bring_along_are_kept_and_found(library: Library, folder: Path) -> None:
    own = metadata.embed((folder / "a.jpg").read_bytes(), Story("a zebra at noon", "grok-imagine-image"))
    (folder / "a.jpg").write_bytes(own)
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a walrus\nSteps: 20, Seed: 1")
    (folder / "b.png").write_bytes(encoded(Image.new("RGB", (8, 8)), "PNG", pnginfo=info))
    importing.run(library, [folder])
    told = {turn.imported_from: (turn.prompt, turn.model, picture.id) for turn, picture in entered(library)}
    zebra, walrus = told["Holiday/a.jpg"], told["Holiday/b.png"]
    assert (zebra[:2], walrus[:2]) == (("a zebra at noon", ""), ("a walrus", ""))
    assert told["Holiday/day 2/c.webp"][0] == ""
    for word, found in (("zebra", zebra[2]), ("walrus", walrus[2])):
        assert list(library.records.found(Sight(Scope(ScopeKind.ALL), word)).ids) == [found]
    assert library.picture_path(zebra[2]).read_bytes() == own


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are made otherwise there")
def test_a_look_tells_files_apart_and_waits_for_none(folder: Path) -> None:
    (folder / "notes.png").write_text("no picture")
    (folder / "linked.png").symlink_to(folder / "b.png")
    os.mkfifo(folder / "pipe.png")
    names = ["a.jpg", "b.png", "linked.png", "day 2", "notes.png", "pipe.png", "gone.png", "nul\0.png"]
    assert importing.look([folder / name for name in names]) == Look(3, 1, 4)
    assert importing.look([folder / "a.jpg"] * 1000) == Look(picture_count=256, unseen_count=744)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes are made otherwise there")
def test_links_and_pipes_are_passed_over(library: Library, folder: Path) -> None:
    (folder / "day 2" / "up").symlink_to(folder)
    (folder / "link.jpg").symlink_to(folder / "a.jpg")
    os.mkfifo(folder / "pipe.jpg")
    found = importing.run(library, [folder])
    assert counts(found) == (3, 0, 3, 0)
    assert {one.reason.split(",")[0] for one in found.skipped} == {"it is a link", "it is no file"}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="all may be read there")
def test_a_folder_without_permission_is_told(library: Library, folder: Path) -> None:
    (folder / "day 2").chmod(0)
    try:
        found = importing.run(library, [folder])
    finally:
        (folder / "day 2").chmod(0o700)
    assert counts(found) == (2, 0, 0, 1)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_names_that_are_no_text_join(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"odd \xff")
    folder.mkdir()
    (folder / os.fsdecode(b"\xfe.jpg")).write_bytes(photo(1))
    found = importing.run(library, [folder])
    assert counts(found) == (1, 0, 0, 0)
    assert entered(library)[0][0].imported_from == "odd \N{REPLACEMENT CHARACTER}/\N{REPLACEMENT CHARACTER}.jpg"


@pytest.mark.parametrize("modified_s", [-5_000_000.0, 0.0, 9_000_000_000.0])
def test_a_clock_that_was_wrong_stops_nothing(library: Library, tmp_path: Path, modified_s: float) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(photo(1))
    os.utime(file, (modified_s, modified_s))
    assert counts(importing.run(library, [file], "One")) == (1, 0, 0, 0)
    [(turn, _)] = entered(library)
    assert 0 <= turn.created <= 4_102_444_800


def test_the_library_itself_is_left_out(library: Library, folder: Path) -> None:
    importing.run(library, [folder])
    assert counts(importing.run(library, [folder.parent])) == (0, 3, 0, 0)


def test_progress_is_told_and_cancelling_keeps_what_came(library: Library, folder: Path) -> None:
    for seed in range(100, 200):
        (folder / f"{seed}.jpg").write_bytes(photo(seed))
    told: list[Import] = []
    found = importing.run(library, [folder], "", told.append, lambda: library.records.saved_count() >= 16)
    assert found.is_cancelled
    assert 16 <= found.added_count == library.records.saved_count() < 103
    assert told[-1] == found
    assert told[0].file_count == 103
    assert library.integrity.foreign_files() == []
    assert counts(importing.run(library, [folder]))[0] == 103 - found.added_count


def test_what_does_not_exist_is_refused(library: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="does not exist"):
        importing.run(library, [tmp_path / "nowhere"])
    assert library.records.sessions() == []


def test_a_rebuilt_library_knows_them_still(library: Library, folder: Path) -> None:
    importing.run(library, [folder])
    before = entered(library)
    library.close()
    rebuild(library.folder, "a test")
    again = Library.open(library.folder, "a test")
    try:
        after = entered(again)
        assert [(turn.id, turn.imported_from, p.sha256) for turn, p in after] == [
            (turn.id, turn.imported_from, p.sha256) for turn, p in before
        ]
        assert counts(importing.run(again, [folder])) == (0, 3, 0, 0)
        assert again.records.spent_ticks(0) == 0
    finally:
        again.close()


def test_a_disk_that_fills_up_ends_it_and_what_came_is_kept(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(100, 200):
        (folder / f"{seed}.jpg").write_bytes(photo(seed))

    def fill_up(state: Import) -> None:
        if state.seen_count:
            monkeypatch.setattr(libraries, "_LEAST_FREE_BYTES", 2**62)

    with pytest.raises(DiskFull):
        importing.run(library, [folder], "", fill_up)
    kept = library.records.saved_count()
    assert 16 <= kept < 103
    assert library.integrity.foreign_files() == []
    with pytest.raises(DiskFull):
        importing.run(library, [folder])
    monkeypatch.undo()
    assert counts(importing.run(library, [folder]))[:2] == (103 - kept, kept)


def test_a_library_that_was_closed_ends_it(library: Library, folder: Path) -> None:
    importing.run(library, [folder / "a.jpg"])
    library.close()
    with pytest.raises(LibraryError):
        importing.run(library, [folder])


@pytest.mark.skipif(os.name == "nt", reason="killed otherwise there")
def test_killed_and_done_again_every_picture_is_there_once(tmp_path: Path) -> None:
    folder, place = tmp_path / "Many", tmp_path / "library"
    folder.mkdir()
    for seed in range(150):
        (folder / f"{seed}.jpg").write_bytes(photo(seed, side=200))
    command = [sys.executable, "-m", "imagine_desktop", "--library", str(place), "import", str(folder)]
    clean = os.environ | {"IMAGINE_DESKTOP_HOME": str(tmp_path / "home")}
    with subprocess.Popen(command, env=clean, stdout=subprocess.DEVNULL) as process:
        while not list(place.glob("images/*/*/*.jpg")) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    library = Library.open(place, "a test")
    try:
        before = library.records.saved_count()
        found = importing.run(library, [folder])
        assert (found.added_count, found.known_count) == (150 - before, before)
        assert len({picture.sha256 for _, picture in entered(library)}) == 150
        assert library.integrity.verify().wrong == ()
        assert library.integrity.foreign_files() == []
    finally:
        library.close()


async def ended(heard: list[Event]) -> ImportChanged:
    """The event with which an import ended."""
    async with asyncio.timeout(20):
        while True:
            for event in heard:
                if isinstance(event, ImportChanged) and event.is_end:
                    return event
            await asyncio.sleep(0.01)


async def test_the_engine_tells_how_far_it_is_and_runs_one_at_a_time(
    library: Library, folder: Path, engine: Engine
) -> None:
    heard: list[Event] = []
    engine.subscribe(heard.append)
    engine.import_pictures([folder])
    with pytest.raises(BadInput, match="still under way"):
        engine.import_pictures([folder])
    end = await ended(heard)
    assert (end.state.added_count, end.error) == (3, None)
    heard.clear()
    engine.import_pictures([folder / "nowhere"])
    assert isinstance((await ended(heard)).error, BadInput)


async def test_a_closing_engine_stops_the_import_in_order(
    library: Library, folder: Path, engine: Engine
) -> None:
    for seed in range(100, 400):
        (folder / f"{seed}.jpg").write_bytes(photo(seed))
    heard: list[Event] = []
    engine.subscribe(heard.append)
    engine.import_pictures([folder])
    while not heard:
        await asyncio.sleep(0)
    await engine.aclose()
    end = await ended(heard)
    assert end.state.is_cancelled
    assert end.state.added_count == library.records.saved_count() < 303
    assert library.integrity.foreign_files() == []


async def test_an_imported_picture_is_not_asked_for_again(
    library: Library, folder: Path, engine: Engine
) -> None:
    importing.run(library, [folder])
    with pytest.raises(BadInput, match="not one that has ended"):
        engine.try_again(library.records.turns()[0].id)
