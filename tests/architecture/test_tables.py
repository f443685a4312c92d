"""The sandbox has tables of its own; they say what the catalogue says."""

import pytest

from imagine_desktop import paths
from imagine_desktop.domain import catalog as catalogs
from imagine_desktop.sandbox import models as served

CATALOG = catalogs.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))


def test_the_sandbox_takes_the_choices_that_the_catalogue_offers() -> None:
    assert sorted(served.RATIOS) == sorted(ratio.id for ratio in CATALOG.ratios)
    assert served.RESOLUTIONS == catalogs.RESOLUTIONS
    assert served.QUALITIES == catalogs.QUALITIES
    assert CATALOG.limits.max_count == served.MAX_COUNT


def test_the_sandbox_serves_the_models_of_the_catalogue() -> None:
    assert [model.id for model in served.MODELS] == [model.id for model in CATALOG.models]


@pytest.mark.parametrize("model", served.MODELS, ids=lambda model: model.id)
def test_a_model_takes_and_costs_the_same_in_both(model: served.Model) -> None:
    known = CATALOG.model(model.id)
    assert known.aliases == model.aliases
    assert known.resolutions == model.resolutions
    assert known.qualities == model.qualities
    assert known.max_sources == model.max_sources
    assert known.source_price_ticks == model.source_ticks
    for resolution in model.resolutions:
        if not model.qualities:
            assert known.price_ticks(None, resolution) == model.price_ticks("", resolution)
            continue
        charged = {quality: model.price_ticks(quality, resolution) for quality in ("low", "medium")}
        charged["auto"] = max(charged.values())  # what `auto` may become; never an estimate too low
        for quality in model.qualities:
            assert known.price_ticks(quality, resolution) == charged[quality], (quality, resolution)
