"""What is asked of the API: everything that decides the result, and nothing else."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from imagine_desktop.domain import prompts
from imagine_desktop.domain.catalog import QUALITIES, RESOLUTIONS, Catalog
from imagine_desktop.domain.delivery import is_loopback
from imagine_desktop.domain.record import PictureId


@dataclass(frozen=True, slots=True)
class FileSource:
    """A picture in a file of the person's."""

    path: Path

    @property
    def name(self) -> str:
        """What the person knows it by."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class AddressSource:
    """A picture on the web, handed to the API as its address."""

    url: str

    @property
    def name(self) -> str:
        """What the person knows it by."""
        return self.url


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture of the library."""

    picture_id: PictureId

    @property
    def name(self) -> str:
        """What the person knows it by."""
        return f"picture {self.picture_id}"


Source = FileSource | AddressSource | PictureSource


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a request that the person should know; `blocks` says that it cannot be sent so.

    `field` is the control's name at the window: Prompt, Images, Aspect ratio, Resolution, Quality,
    Sources, Model.
    """

    field: str
    message: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """A prompt, its sources, and how the pictures are to be. Variants are made with `dataclasses.replace`."""

    prompt: str
    model: str
    aspect_ratio: str = "auto"
    resolution: str = "1k"
    quality: str | None = None
    count: int = 1
    sources: tuple[Source, ...] = ()

    @property
    def is_edit(self) -> bool:
        """Whether it starts from pictures."""
        return bool(self.sources)

    def as_sent(self) -> "Request":
        """The request as the API takes it: with one source the shape follows the picture, not the ratio."""
        return replace(self, aspect_ratio="auto") if len(self.sources) == 1 else self

    def estimate_ticks(self, catalog: Catalog) -> int | None:
        """What it will cost by the catalogue's prices, in ticks; None for a model without known prices.

        Sources are billed once a request, not once a picture (xAI's pricing page).
        """
        model = catalog.model(self.model)
        price = model.price_ticks(self.quality or model.default_quality, self.resolution)
        if price is None:
            return None
        return price * self.count + model.source_price_ticks * len(self.sources)

    def validate(self, catalog: Catalog) -> tuple[Problem, ...]:
        """What is wrong with it, or worth knowing, before anything is sent."""
        return (*self._text_problems(catalog), *self._choice_problems(catalog), *self._source_problems(catalog))

    def _text_problems(self, catalog: Catalog) -> list[Problem]:
        problems = []
        model = catalog.model(self.model)
        if model.max_prompt_length is not None and len(self.prompt) > model.max_prompt_length:
            # Advice only: whether the API counts characters or tokens is not documented.
            message = f"longer than the {model.max_prompt_length:,} that the API lists for {model.name}"
            problems.append(Problem("Prompt", message, blocks=False))
        if not prompts.normalised(self.prompt):
            problems.append(Problem("Prompt", "say what the picture should show"))
        if not self.model or not self.model.isprintable() or " " in self.model:
            problems.append(Problem("Model", "this is no model's name"))
        return problems

    def _choice_problems(self, catalog: Catalog) -> list[Problem]:
        model, limits = catalog.model(self.model), catalog.limits
        problems = []
        if not 1 <= self.count <= limits.max_count:
            problems.append(Problem("Images", f"choose from 1 to {limits.max_count}, not {self.count}"))
        if catalog.ratio(self.aspect_ratio) is None:
            known = ", ".join(ratio.id for ratio in catalog.ratios)
            problems.append(Problem("Aspect ratio", f"{self.aspect_ratio} is none of {known}"))
        if self.resolution not in RESOLUTIONS:
            problems.append(Problem("Resolution", f"{self.resolution} is none of {', '.join(RESOLUTIONS)}"))
        elif self.resolution not in model.resolutions:
            offered = ", ".join(model.resolutions)
            problems.append(Problem("Resolution", f"{model.name} makes {offered}, not {self.resolution}"))
        if self.quality is not None and self.quality not in QUALITIES:
            problems.append(Problem("Quality", f"{self.quality} is none of {', '.join(QUALITIES)}"))
        elif self.quality is not None and not model.qualities:
            problems.append(
                Problem("Quality", f"{model.name} has no such setting; it is left out", blocks=False)
            )
        elif self.quality is not None and self.quality not in model.qualities:
            offered = ", ".join(model.qualities)
            problems.append(Problem("Quality", f"{model.name} offers {offered}, not {self.quality}"))
        return problems

    def _source_problems(self, catalog: Catalog) -> list[Problem]:
        model = catalog.model(self.model)
        problems = []
        if len(self.sources) > model.max_sources:
            problems.append(
                Problem("Sources", f"{model.name} takes {model.max_sources} at most, not {len(self.sources)}")
            )
        for source in self.sources:
            if isinstance(source, AddressSource) and (message := address_problem(source.url)):
                problems.append(Problem("Sources", message))
        if len(self.sources) == 1 and self.aspect_ratio != "auto":
            problems.append(
                Problem("Aspect ratio", "with one source the picture keeps its shape", blocks=False)
            )
        for position in sorted(prompts.tags(self.prompt)):
            if self.sources and position >= len(self.sources):
                problems.append(
                    Problem("Prompt", f"{prompts.tag(position)} names a source that is not there", blocks=False)
                )
        return problems


def address_problem(url: str) -> str | None:
    """Why an address cannot be a source, or None where it can: https, or http on this computer."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return f"{url[:80]} is not an address"
    if not host or not url.isprintable() or " " in url:
        return f"{url[:80]} is not an address"
    if parts.username is not None or parts.password is not None:
        return "an address with a name or password in it is not passed on"
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return None
    return f"{url[:80]} is not https"
