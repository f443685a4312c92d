"""How two pictures differ, pixel by pixel."""

import pytest
from PIL import Image

from imagine_desktop.imaging import difference
from imagine_desktop.imaging.decode import Undecodable
from tests.imaging.samples import encoded, halves


def _png(image: Image.Image) -> bytes:
    return encoded(image, "PNG")


def test_the_same_picture_differs_nowhere() -> None:
    found = difference.between(_png(halves()), _png(halves()))
    assert (found.width, found.height, len(found.levels)) == (80, 40, 3200)
    assert found.counts[0] == 3200
    assert found.changed_part(0) == 0


def test_a_level_is_that_of_the_channel_that_changed_most() -> None:
    before = Image.new("RGB", (10, 10), (100, 100, 100))
    after = before.copy()
    after.paste((103, 90, 150), (0, 0, 5, 10))
    found = difference.between(_png(before), _png(after))
    assert found.levels == (bytes([50]) * 5 + bytes(5)) * 10
    assert [found.changed_part(level) for level in (0, 49, 50, 255)] == [0.5, 0.5, 0.0, 0.0]


def test_another_size_is_fitted_into_that_of_the_second() -> None:
    found = difference.between(_png(halves((40, 20))), _png(halves((80, 40))))
    assert (found.width, found.height) == (80, 40)
    assert found.changed_part(60) < 0.05  # but for the edge between the halves


def test_what_the_first_does_not_cover_has_changed_altogether() -> None:
    grey = (120, 120, 120)
    found = difference.between(_png(Image.new("RGB", (50, 50), grey)), _png(Image.new("RGB", (100, 50), grey)))
    assert found.levels[:100] == bytes([255]) * 25 + bytes(50) + bytes([255]) * 25
    assert found.changed_part(0) == 0.5


def test_what_became_see_through_has_changed() -> None:
    before = Image.new("RGBA", (10, 10), (0, 0, 0, 255))
    found = difference.between(_png(before), _png(Image.new("RGBA", (10, 10), (0, 0, 0, 0))))
    assert found.counts[255] == 100
    hidden = Image.new("RGBA", (10, 10), (200, 9, 9, 0)), Image.new("RGBA", (10, 10), (9, 9, 200, 0))
    assert difference.between(*map(_png, hidden)).changed_part(0) == 0  # colours that nobody sees


def test_large_pictures_are_compared_at_half_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difference, "_MOST_PIXELS", 1000)
    found = difference.between(_png(halves()), _png(halves((80, 40))))
    assert (found.width, found.height) == (40, 20)
    assert found.changed_part(0) == 0


def test_a_damaged_picture_is_told() -> None:
    data = _png(halves())
    with pytest.raises(Undecodable):
        difference.between(data, data[:60])
