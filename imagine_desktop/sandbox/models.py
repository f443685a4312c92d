"""The sandbox's own tables: models, aspect ratios, prices, pixel sizes.

Facts: xAI's OpenAPI file, release and migration notes as of November 2026; pixel sizes as measured by others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

RATIOS = (
    *("1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "9:19.5", "19.5:9", "9:20", "20:9", "1:2", "2:1"),
    *("21:9", "5:2", "auto"),
)
RESOLUTIONS = ("1k", "1.5k", "2k")
QUALITIES = ("low", "medium", "high", "auto")
MAX_COUNT = 10
CENT = 10**8  # ticks; 1 US dollar is 10^10

_SIDES = {"1k": 1024, "1.5k": 1408, "2k": 2048}
_SIZES_V1 = {
    "1:1": (1024, 1024),
    "4:3": (1280, 896),
    "3:2": (1296, 864),
    "16:9": (1408, 768),
    "2:1": (1408, 704),
    "19.5:9": (1248, 576),
    "20:9": (1280, 576),
}
_SIZES_V2 = {"1:1": (1024, 1024), "4:3": (1152, 864), "3:2": (1248, 832), "16:9": (1280, 720)}


@dataclass(frozen=True, slots=True)
class Model:
    """What one model takes, what it charges in ticks, and which sizes it delivers at 1k.

    `prices` is by (quality, resolution); one entry under ("", "") is a flat price.
    `forced_quality` is what a redirected model is served with, whatever was asked for.
    """

    id: str
    aliases: tuple[str, ...]
    created: int
    resolutions: tuple[str, ...]
    qualities: tuple[str, ...]
    max_sources: int
    source_ticks: int
    prices: Mapping[tuple[str, str], int]
    sizes: Mapping[str, tuple[int, int]]
    doubles: bool  # whether 2k is exactly twice 1k
    forced_quality: str | None = None

    def price_ticks(self, quality: str, resolution: str) -> int:
        """The price of one picture at `low` or `medium`; other qualities have become one of them before."""
        return self.prices.get(("", ""), 0) or self.prices[quality, resolution]


_V1 = Model(
    id="grok-imagine-image",
    aliases=("grok-imagine-image-2026-03-02",),
    created=1_769_472_000,
    resolutions=("1k", "2k"),
    qualities=(),
    max_sources=3,
    source_ticks=CENT // 5,
    prices={("", ""): 2 * CENT},
    sizes=_SIZES_V1,
    doubles=True,
)
_V2 = Model(
    id="grok-imagine-image-2.0",
    aliases=(),
    created=1_786_060_800,
    resolutions=RESOLUTIONS,
    qualities=("low", "medium", "auto"),
    max_sources=5,
    source_ticks=CENT,
    prices={
        ("low", "1k"): 4 * CENT,
        ("low", "1.5k"): 5 * CENT,
        ("low", "2k"): 6 * CENT,
        ("medium", "1k"): 6 * CENT,
        ("medium", "1.5k"): 7 * CENT,
        ("medium", "2k"): 8 * CENT,
    },
    sizes=_SIZES_V2,
    doubles=False,
)
MODELS = (_V1, _V2)
_REDIRECTED = (  # retired in 2026, since then served by 2.0 at low quality
    "grok-imagine-image-quality",
    "grok-imagine-image-quality-20260403",
    "grok-imagine-image-quality-latest",
    "grok-imagine-image-pro",
)


def find(model_id: str) -> Model | None:
    """The model that serves requests for `model_id`."""
    if model_id in _REDIRECTED:
        return Model(
            id=_V2.id,
            aliases=(),
            created=_V2.created,
            resolutions=_V2.resolutions,
            qualities=QUALITIES,
            max_sources=_V2.max_sources,
            source_ticks=_V2.source_ticks,
            prices=_V2.prices,
            sizes=_V2.sizes,
            doubles=False,
            forced_quality="low",
        )
    return next((model for model in MODELS if model_id in (model.id, *model.aliases)), None)


def size(model: Model, ratio: str, resolution: str) -> tuple[int, int]:
    """Width and height in pixels of what `model` delivers for a ratio other than `auto`."""
    width, height = (float(side) for side in ratio.split(":"))
    if resolution == "1k" or (model.doubles and resolution == "2k"):
        factor = 2 if resolution == "2k" else 1
        swapped = ":".join(reversed(ratio.split(":")))
        if ratio in model.sizes:
            return model.sizes[ratio][0] * factor, model.sizes[ratio][1] * factor
        if swapped in model.sizes:
            return model.sizes[swapped][1] * factor, model.sizes[swapped][0] * factor
    return _rounded(width / height, resolution)


def size_like(model: Model, shape: tuple[int, int], resolution: str) -> tuple[int, int]:
    """The size of an edit of a picture of that shape: its ratio, at the resolution's area.

    A shape that is one of the model's own comes back the same, so that it stays through many turns.
    """
    ratio = min(max(shape[0] / shape[1], 1 / 3), 3)
    for own in RATIOS[:-1]:
        width, height = size(model, own, resolution)
        if abs(width / height / ratio - 1) < 0.004:
            return width, height
    return _rounded(ratio, resolution)


def _rounded(ratio: float, resolution: str) -> tuple[int, int]:
    """Both sides to multiples of 16, at the area of the resolution's square."""
    area = _SIDES[resolution] ** 2
    width, height = sqrt(area * ratio), sqrt(area / ratio)
    return max(1, int(width / 16 + 0.5)) * 16, max(1, int(height / 16 + 0.5)) * 16


def described(model: Model) -> dict[str, object]:
    """The model as `GET /image-generation-models` lists it: `image_price` in cents, `pricing` in ticks."""
    return {
        "id": model.id,
        "fingerprint": f"fp_{model.created:x}",
        "max_prompt_length": 8000,
        "created": model.created,
        "object": "model",
        "owned_by": "xai",
        "version": "sandbox",
        "input_modalities": ["text", "image"],
        "output_modalities": ["image"],
        "image_price": max(model.prices.values()) // CENT if len(model.prices) == 1 else 6,
        "aliases": list(model.aliases),
        "pricing": [
            {"quality": quality, "resolution": resolution, "price_per_image": ticks}
            for (quality, resolution), ticks in model.prices.items()
            if quality
        ],
    }


def described_briefly(model: Model) -> dict[str, object]:
    """The model as `GET /models` lists it: `image_price` in ticks."""
    return {
        "id": model.id,
        "aliases": list(model.aliases),
        "context_length": 8000,
        "created": model.created,
        "object": "model",
        "owned_by": "xai",
        "image_price": model.prices.get(("", ""), 6 * CENT),
    }
