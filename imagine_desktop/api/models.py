"""What GET /image-generation-models answers: models with their prices, every field optional.

`image_price` is in cents there, `pricing[].price_per_image` in ticks (xAI's OpenAPI file); a model with one
price for everything has no `pricing`.
"""

import re
from typing import cast

from imagine_desktop.api import wire
from imagine_desktop.api.wire import Answer
from imagine_desktop.domain.catalog import ANY, Listed
from imagine_desktop.errors import ApiError, OutcomeUnknown

_CENT_TICKS = 10**8
_MAX_TICKS = 10**13  # 1,000 USD a picture: more is a mistake, not a price
_MAX_MODELS = 200
_NAME = re.compile(r"[!-~]{1,128}")


def parse(answer: Answer) -> tuple[Listed, ...]:
    """The models that make pictures. Raises ApiError for an answer that is no list of models."""
    if answer.status != 200:
        refusal = wire.error(answer)
        if isinstance(refusal, OutcomeUnknown):  # nothing was asked for that costs
            refusal = ApiError(f"The API answered {answer.status}.", "Try again later.", detail=refusal.detail)
        raise refusal
    return read(body(answer))


def body(answer: Answer) -> object:
    """An answer's JSON; None where it is none."""
    import msgspec  # not at every start: the window shows before anything is asked

    try:
        return cast(object, msgspec.json.decode(answer.body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def read(told: object) -> tuple[Listed, ...]:
    """The models in an answer's JSON, which may have been kept since. Raises ApiError."""
    entries = told.get("models") if isinstance(told, dict) else None
    found = [_listed(entry) for entry in entries[:_MAX_MODELS]] if isinstance(entries, list) else []
    models = tuple(model for model in found if model is not None)
    if not models:
        raise ApiError("The API's list of models was not understood.", "The prices known before are used.")
    return models


def _listed(entry: object) -> Listed | None:
    if not isinstance(entry, dict) or not _is_name(entry.get("id")):
        return None
    makes = entry.get("output_modalities")
    if isinstance(makes, list) and "image" not in makes:
        return None
    aliases, longest = entry.get("aliases"), entry.get("max_prompt_length")
    return Listed(
        id=entry["id"],
        aliases=tuple(alias for alias in aliases if _is_name(alias)) if isinstance(aliases, list) else (),
        max_prompt_length=longest if type(longest) is int and 0 < longest < 2**31 else None,
        prices_ticks=_prices(entry),
    )


def _prices(entry: dict[str, object]) -> dict[tuple[str, str], int]:
    tiers = entry.get("pricing")
    prices: dict[tuple[str, str], int] = {}
    for tier in tiers if isinstance(tiers, list) else []:
        if isinstance(tier, dict) and (ticks := _ticks(tier.get("price_per_image"), 1)):
            prices[_choice(tier.get("quality")), _choice(tier.get("resolution"))] = ticks
    if not prices and (ticks := _ticks(entry.get("image_price"), _CENT_TICKS)):
        prices[ANY, ANY] = ticks
    return prices


def _ticks(price: object, unit: int) -> int:
    if isinstance(price, bool) or not isinstance(price, int | float):
        return 0
    ticks = price * unit
    return round(ticks) if 0 < ticks <= _MAX_TICKS else 0


def _choice(told: object) -> str:
    return told if isinstance(told, str) and told else ANY


def _is_name(told: object) -> bool:
    return isinstance(told, str) and _NAME.fullmatch(told) is not None
