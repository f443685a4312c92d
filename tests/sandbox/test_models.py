"""Tables: pixel sizes, prices, what is served by what."""

import pytest

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.sandbox import models

V1, V2 = models.MODELS


@pytest.mark.parametrize(
    ("model", "ratio", "resolution", "size"),
    [
        (V1, "1:1", "1k", (1024, 1024)),
        (V1, "4:3", "1k", (1280, 896)),
        (V1, "3:4", "1k", (896, 1280)),
        (V1, "3:2", "1k", (1296, 864)),
        (V1, "2:3", "2k", (1728, 2592)),
        (V1, "16:9", "1k", (1408, 768)),
        (V1, "16:9", "2k", (2816, 1536)),
        (V1, "9:16", "1k", (768, 1408)),
        (V1, "2:1", "2k", (2816, 1408)),
        (V1, "9:19.5", "1k", (576, 1248)),
        (V1, "20:9", "2k", (2560, 1152)),
        (V1, "21:9", "1k", (1568, 672)),
        (V2, "1:1", "1k", (1024, 1024)),
        (V2, "1:1", "1.5k", (1408, 1408)),
        (V2, "1:1", "2k", (2048, 2048)),
        (V2, "3:4", "1k", (864, 1152)),
        (V2, "3:2", "1k", (1248, 832)),
        (V2, "16:9", "1k", (1280, 720)),
        (V2, "9:16", "1k", (720, 1280)),
        (V2, "16:9", "2k", (2736, 1536)),
    ],
)
def test_size(model: models.Model, ratio: str, resolution: str, size: tuple[int, int]) -> None:
    assert models.size(model, ratio, resolution) == size


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.id)
@pytest.mark.parametrize("ratio", models.RATIOS[:-1])
def test_every_size_is_near_its_ratio_in_steps_of_sixteen_and_swaps(model: models.Model, ratio: str) -> None:
    for resolution in model.resolutions:
        width, height = models.size(model, ratio, resolution)
        assert width % 16 == height % 16 == 0
        across, down = (float(side) for side in ratio.split(":"))
        assert width / height == pytest.approx(across / down, rel=0.08)
        swapped = ":".join(reversed(ratio.split(":")))
        assert models.size(model, swapped, resolution) == (height, width)


@pytest.mark.parametrize("model", models.MODELS, ids=lambda model: model.id)
def test_an_edit_of_an_own_picture_keeps_its_size_turn_after_turn(model: models.Model) -> None:
    for ratio in models.RATIOS[:-1]:
        for resolution in model.resolutions:
            size = models.size(model, ratio, resolution)
            if max(size) / min(size) <= 3:
                assert models.size_like(model, size, resolution) == size


def test_an_edit_of_a_photo_has_its_shape() -> None:
    width, height = models.size_like(V1, (4032, 3024), "1k")
    assert width / height == pytest.approx(4 / 3, rel=0.02)
    assert width * height == pytest.approx(1024**2, rel=0.02)


def test_retired_models_are_served_by_the_new_one_at_low_quality() -> None:
    model = models.find("grok-imagine-image-pro")
    assert model is not None
    assert (model.id, model.forced_quality) == ("grok-imagine-image-2.0", "low")
    assert models.find("grok-2-image-1212") is None


def test_tables_agree_with_the_catalogue(catalog: Catalog) -> None:
    assert {ratio.id for ratio in catalog.ratios} == set(models.RATIOS)
    for known in catalog.models:
        model = models.find(known.id)
        assert model is not None
        assert model.resolutions == known.resolutions
        assert model.qualities == known.qualities
        assert model.max_sources == known.max_sources
        assert model.source_ticks == known.source_price_ticks
        for resolution in known.resolutions:
            for quality in [name for name in known.qualities if name != "auto"] or [""]:
                expected = known.price_ticks(quality or None, resolution)
                assert model.price_ticks(quality or "medium", resolution) == expected
