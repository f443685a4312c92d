"""The catalogue that ships: every documented choice, and none that is not."""

from imagine_desktop.domain.catalog import QUALITIES, RESOLUTIONS, Catalog, RatioGroup


def test_every_documented_ratio_is_offered_in_its_group(catalog: Catalog) -> None:
    documented = "1:1 3:4 4:3 9:16 16:9 2:3 3:2 9:19.5 19.5:9 9:20 20:9 1:2 2:1 21:9 5:2 auto"
    assert {ratio.id for ratio in catalog.ratios} == set(documented.split())
    for ratio in catalog.ratios:
        shape = ratio.width_over_height
        expected = (
            RatioGroup.AUTO
            if shape is None
            else RatioGroup.SQUARE
            if shape == 1
            else RatioGroup.LANDSCAPE
            if shape > 1
            else RatioGroup.PORTRAIT
        )
        assert ratio.group is expected
        assert ratio.use


def test_models_are_consistent_and_found_by_alias(catalog: Catalog) -> None:
    assert catalog.model(catalog.default_model).is_known
    for model in catalog.models:
        assert all(catalog.model(alias) is model for alias in model.aliases)
        assert set(model.resolutions) <= set(RESOLUTIONS)
        assert set(model.qualities) <= set(QUALITIES)
        for resolution in model.resolutions:
            for quality in model.qualities or (None,):
                assert (model.price_ticks(quality, resolution) or 0) > 0
    assert not catalog.model("of tomorrow").is_known
    assert catalog.ratio("7:5") is None
