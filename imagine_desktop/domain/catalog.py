"""Models, aspect ratios, resolutions, limits and prices, as data.

The figures lie in `resources/catalog.toml` with where they come from, and what the API lists is laid over them.
A model id that is not among them is still usable, with every choice open and its price unknown.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import cast

from imagine_desktop.domain import money

RESOLUTIONS = ("1k", "1.5k", "2k")
QUALITIES = ("low", "medium", "high", "auto")
ANY = "any"  # in prices: whatever the quality or resolution


class RatioGroup(StrEnum):
    """The kinds of shape that a picker sets side by side."""

    AUTO = "auto"
    SQUARE = "square"
    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"


@dataclass(frozen=True, slots=True)
class AspectRatio:
    """One shape; `use` says what it is good for."""

    id: str
    group: RatioGroup
    use: str

    @property
    def width_over_height(self) -> float | None:
        """The shape as a number, or None for `auto`."""
        if self.id == "auto":
            return None
        width, height = self.id.split(":")
        return float(width) / float(height)


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes and costs. Prices are ticks a picture; None where they are not known."""

    id: str
    name: str
    aliases: tuple[str, ...]
    resolutions: tuple[str, ...]
    qualities: tuple[str, ...]
    default_quality: str | None
    max_sources: int
    source_price_ticks: int
    prices_ticks: Mapping[tuple[str, str], int]  # (quality or "any", resolution or "any")
    is_known: bool = True
    max_prompt_length: int | None = None  # what the API lists, in a unit that it does not name

    def price_ticks(self, quality: str | None, resolution: str) -> int | None:
        """The price of one picture, in ticks."""
        chosen = quality or ANY
        for key in ((chosen, resolution), (chosen, ANY), (ANY, resolution), (ANY, ANY)):
            if key in self.prices_ticks:
                return self.prices_ticks[key]
        return None


@dataclass(frozen=True, slots=True)
class Listed:
    """A model as an API lists it: `prices_ticks` are as a model's, empty where none is told."""

    id: str
    aliases: tuple[str, ...]
    max_prompt_length: int | None
    prices_ticks: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request and its sources may measure."""

    max_count: int
    max_source_bytes: int
    max_source_pixels: int
    max_upload_bytes: int


@dataclass(frozen=True, slots=True)
class Catalog:
    """All models and ratios known, in the order in which they are offered."""

    models: tuple[Model, ...]
    ratios: tuple[AspectRatio, ...]
    limits: Limits
    default_model: str

    def model(self, model_id: str) -> Model:
        """The model of that id or alias; for an unknown one, a model that allows everything."""
        for model in self.models:
            if model_id == model.id:
                return model
        for model in self.models:
            if model_id in model.aliases:
                return model
        return Model(
            id=model_id,
            name=model_id,
            aliases=(),
            resolutions=RESOLUTIONS,
            qualities=QUALITIES,
            default_quality=None,
            max_sources=max(model.max_sources for model in self.models),
            source_price_ticks=0,
            prices_ticks={},
            is_known=False,
        )

    def updated(self, listed: Sequence[Listed]) -> "Catalog":
        """With what an API lists laid over it. What the list leaves out stays; nothing is dropped."""
        by_id = {one.id: one for one in listed}
        known = tuple(
            model if (one := by_id.pop(model.id, None)) is None else _updated(model, one)
            for model in self.models
        )
        names = {name for model in known for name in (model.id, *model.aliases)}
        new = tuple(self._new(one) for one in by_id.values() if one.id not in names)
        return replace(self, models=known + new)

    def _new(self, listed: Listed) -> Model:
        """A listed model that is not in this catalogue. Its sources cost what the dearest known ones do."""
        qualities = _offered(QUALITIES, (quality for quality, _ in listed.prices_ticks))
        return replace(
            self.model(listed.id),
            aliases=listed.aliases,
            resolutions=_offered(RESOLUTIONS, (size for _, size in listed.prices_ticks)) or RESOLUTIONS,
            qualities=qualities or QUALITIES,
            default_quality=("medium" if "medium" in qualities else qualities[0]) if qualities else None,
            source_price_ticks=max(model.source_price_ticks for model in self.models),
            prices_ticks=listed.prices_ticks,
            is_known=bool(listed.prices_ticks),
            max_prompt_length=listed.max_prompt_length,
        )

    def ratio(self, ratio_id: str) -> AspectRatio | None:
        """The ratio of that id, if there is one."""
        return next((ratio for ratio in self.ratios if ratio.id == ratio_id), None)


def parse(text: str) -> Catalog:
    """The catalogue in a TOML text laid out like `resources/catalog.toml`."""
    data = tomllib.loads(text)
    return Catalog(
        models=tuple(_model(table) for table in data["model"]),
        ratios=tuple(
            AspectRatio(table["id"], RatioGroup(table["group"]), table["use"]) for table in data["ratio"]
        ),
        limits=Limits(**data["limits"]),
        default_model=data["default_model"],
    )


def _updated(model: Model, listed: Listed) -> Model:
    prices = dict(model.prices_ticks)
    has_tiers = any(key != (ANY, ANY) for key in listed.prices_ticks)
    if has_tiers:
        prices.update(listed.prices_ticks)
        if "auto" in model.qualities:
            prices |= {key: price for key, price in _dearest(prices).items() if key not in listed.prices_ticks}
    elif set(prices) <= {(ANY, ANY)}:  # a single price says nothing about a model that has several
        prices.update(listed.prices_ticks)
    told = tuple(quality for quality, _ in listed.prices_ticks)
    return replace(
        model,
        aliases=tuple(dict.fromkeys((*model.aliases, *listed.aliases))),
        resolutions=_offered(RESOLUTIONS, (*model.resolutions, *(size for _, size in listed.prices_ticks))),
        qualities=_offered(QUALITIES, (*model.qualities, *told)),
        prices_ticks=prices,
        max_prompt_length=listed.max_prompt_length,
    )


def _dearest(prices: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """For `auto` the dearest that it may become."""
    dearest: dict[tuple[str, str], int] = {}
    for (quality, resolution), price in prices.items():
        if quality != "auto":
            dearest["auto", resolution] = max(price, dearest.get(("auto", resolution), 0))
    return dearest


def _offered(known: tuple[str, ...], told: Iterable[str]) -> tuple[str, ...]:
    """Those of the choices that this program knows which are told, in its order."""
    found = set(told)
    return tuple(choice for choice in known if choice in found)


def _model(table: Mapping[str, object]) -> Model:
    prices: dict[tuple[str, str], int] = {}
    for quality, price in cast(Mapping[str, float | Mapping[str, float]], table["prices"]).items():
        if isinstance(price, Mapping):
            for resolution, amount in price.items():
                prices[quality, resolution] = money.ticks(amount)
        else:
            prices[quality, ANY] = money.ticks(price)
    return Model(
        id=cast(str, table["id"]),
        name=cast(str, table["name"]),
        aliases=tuple(cast(list[str], table["aliases"])),
        resolutions=tuple(cast(list[str], table["resolutions"])),
        qualities=tuple(cast(list[str], table["qualities"])),
        default_quality=cast(str | None, table.get("default_quality")),
        max_sources=cast(int, table["max_sources"]),
        source_price_ticks=money.ticks(cast(float, table["source_price"])),
        prices_ticks=prices,
    )
