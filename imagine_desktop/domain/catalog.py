"""Models, aspect ratios, resolutions, limits and prices, as data.

The figures lie in `resources/catalog.toml` with where they come from; a model id that is not
among them is still usable, with every choice open and its price unknown.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from imagine_desktop.domain import money

RESOLUTIONS = ("1k", "1.5k", "2k")
QUALITIES = ("low", "medium", "high", "auto")


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

    def price_ticks(self, quality: str | None, resolution: str) -> int | None:
        """The price of one picture, in ticks."""
        for key in ((quality or "any", resolution), ("any", "any")):
            if key in self.prices_ticks:
                return self.prices_ticks[key]
        return None


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
            if model_id == model.id or model_id in model.aliases:
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


def _model(table: Mapping[str, object]) -> Model:
    prices: dict[tuple[str, str], int] = {}
    for quality, price in cast(Mapping[str, float | Mapping[str, float]], table["prices"]).items():
        if isinstance(price, Mapping):
            for resolution, amount in price.items():
                prices[quality, resolution] = money.ticks(amount)
        else:
            prices[quality, "any"] = money.ticks(price)
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
