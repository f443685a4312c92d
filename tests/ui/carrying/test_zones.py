"""What the zones say before anything is dropped."""

from pathlib import Path

import pytest

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.imports import Look
from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.carrying.offer import Offer
from imagine_desktop.ui.carrying.zones import import_zone, source_zone

FILES = Offer(files=tuple(Path(f"{n}.png") for n in range(5)))
ADDRESS = Offer(addresses=("https://e.example/a.png",))


@pytest.mark.parametrize(
    ("offer", "look", "used", "said", "refusal"),
    [
        (FILES, None, 0, "The first 3 of 5", ""),
        (FILES, Look(2, 1, 2), 0, "2 pictures, 3 left out", ""),
        (FILES, Look(0, 1, 4), 0, "", "A folder is no source: import it"),
        (FILES, Look(0, 0, 5), 0, "", "No JPEG, PNG, WebP or GIF picture among them"),
        (FILES, Look(5), 3, "", "Grok Imagine takes 3 at most: remove one first"),
        (Offer(picture_ids=(PictureId(1),)), None, 2, "1 picture", ""),
        (ADDRESS, None, 0, "1 address", ""),
        (Offer(addresses=("http://e.example/a.png",)), None, 0, "", "http://e.example/a.png is not https"),
        (Offer(addresses=("http://127.0.0.1:8/a.png",)), None, 0, "1 address", ""),
        (Offer(other="image/svg+xml"), None, 0, "", "image/svg+xml is no picture here"),
        (Offer(text="a fox"), None, 3, "The text goes where you write", ""),
    ],
)
def test_the_source_zone_says_what_or_why_not(
    catalog: Catalog, offer: Offer, look: Look | None, used: int, said: str, refusal: str
) -> None:
    zone = source_zone(offer, look, catalog.model("grok-imagine-image"), used)
    assert zone.refusal.startswith(refusal)
    assert bool(zone.refusal) == bool(refusal)
    assert said in zone.detail


@pytest.mark.parametrize(
    ("offer", "look", "read_only", "said", "refusal"),
    [
        (FILES, Look(2, 1, 2), "", "2 pictures, 1 folder, 2 left out", ""),
        (FILES, Look(0, 0, 5), "", "", "No JPEG, PNG, WebP or GIF picture among them"),
        (FILES, Look(5), "The disk is full.", "", "The library is open for reading only. The disk is full."),
        (Offer(has_pixels=True), None, "", "1 picture", ""),
        (ADDRESS, None, "", "", "An address cannot be imported: save the picture first"),
        (Offer(text="a fox"), None, "", "", "A text is no picture"),
    ],
)
def test_the_import_zone_says_what_or_why_not(
    offer: Offer, look: Look | None, read_only: str, said: str, refusal: str
) -> None:
    zone = import_zone(offer, look, read_only)
    assert zone is not None
    assert zone.refusal == refusal
    assert said in zone.detail


def test_what_is_in_the_library_is_not_imported() -> None:
    assert import_zone(Offer(picture_ids=(PictureId(1),)), None, "") is None
