"""The catalogue that ships: every documented choice, and none that is not."""

from imagine_desktop.domain.catalog import ANY, QUALITIES, RESOLUTIONS, Catalog, Listed, RatioGroup
from imagine_desktop.domain.request import Request

CENT = 10**8


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


def test_a_newer_list_changes_prices_and_drops_nothing(catalog: Catalog) -> None:
    listed = Listed("grok-imagine-image-2.0", ("newest",), 1024, {("low", "1k"): 7, ("medium", "1k"): 9 * CENT})
    updated = catalog.updated([listed])
    model = updated.model("newest")
    assert model.id == "grok-imagine-image-2.0"
    assert model.price_ticks("low", "1k") == 7
    assert model.price_ticks("auto", "1k") == 9 * CENT  # the dearer of the two that it may become
    assert model.price_ticks("medium", "2k") == 8 * CENT
    assert model.max_prompt_length == 1024
    assert updated.model(catalog.default_model) == catalog.model(catalog.default_model)


def test_one_price_does_not_level_a_model_that_has_several(catalog: Catalog) -> None:
    listed = [Listed(model.id, (), None, {(ANY, ANY): 3 * CENT}) for model in catalog.models]
    updated = catalog.updated(listed)
    assert updated.model("grok-imagine-image").price_ticks(None, "2k") == 3 * CENT
    assert updated.model("grok-imagine-image-2.0").price_ticks("low", "1k") == 4 * CENT


def test_a_model_of_tomorrow_is_offered_with_its_choices_and_price(catalog: Catalog) -> None:
    tiers = {("low", "1k"): CENT, ("high", "2k"): 9 * CENT}
    updated = catalog.updated([Listed("grok-3", ("g3",), None, tiers), Listed("bare", (), None, {})])
    model = updated.model("g3")
    assert (model.resolutions, model.qualities, model.default_quality) == (("1k", "2k"), ("low", "high"), "low")
    assert model.price_ticks("high", "2k") == 9 * CENT
    assert model.price_ticks("low", "2k") is None
    assert model.source_price_ticks == CENT
    assert updated.model("bare").price_ticks(None, "1k") is None
    assert Request("a boat", "bare").estimate_ticks(updated) is None
    assert [m.id for m in updated.models[-2:]] == ["grok-3", "bare"]


def test_a_quality_that_is_new_to_a_model_is_offered(catalog: Catalog) -> None:
    listed = Listed("grok-imagine-image-2.0", (), None, {("high", "2k"): 20 * CENT, ("ultra", "8k"): CENT})
    model = catalog.updated([listed]).model("grok-imagine-image-2.0")
    assert model.qualities == ("low", "medium", "high", "auto")
    assert model.resolutions == ("1k", "1.5k", "2k")
    assert model.price_ticks("auto", "2k") == 20 * CENT


def test_a_prompt_longer_than_listed_is_sent_all_the_same(catalog: Catalog) -> None:
    listed = Listed("grok-imagine-image", (), 10, {})
    [problem] = Request("x" * 11, "grok-imagine-image").validate(catalog.updated([listed]))
    assert (problem.field, problem.blocks) == ("Prompt", False)
    assert Request("x" * 10, "grok-imagine-image").validate(catalog.updated([listed])) == ()
