"""The request being made: what the prompt panel shows, before it is sent."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from imagine_desktop.domain import prompts
from imagine_desktop.domain.catalog import QUALITIES, RESOLUTIONS, Catalog, Model
from imagine_desktop.domain.request import Problem, Request, Source
from imagine_desktop.domain.story import Story


class Draft(QObject):
    """A request that may be changed field by field, always complete, not always valid.

    Signals:
        changed: a field has another value now.
    """

    changed = Signal()

    def __init__(self, catalog: Catalog, parent: QObject) -> None:
        super().__init__(parent)
        self._catalog = catalog
        model = catalog.model(catalog.default_model)
        self._fields = Request("", model.id, quality=model.default_quality)

    @property
    def catalog(self) -> Catalog:
        """What there is to choose from."""
        return self._catalog

    def set_catalog(self, catalog: Catalog) -> None:
        """Choose from a newer catalogue: prices and models may be others."""
        if catalog != self._catalog:
            self._catalog = catalog
            self.changed.emit()

    @property
    def offer(self) -> Model:
        """What the chosen model takes and costs."""
        return self._catalog.model(self._fields.model)

    @property
    def prompt(self) -> str:
        """The prompt as it was typed."""
        return self._fields.prompt

    @prompt.setter
    def prompt(self, prompt: str) -> None:
        self._change(replace(self._fields, prompt=prompt))

    @property
    def model(self) -> str:
        """The model's id. Another model brings its own default quality and its nearest resolution."""
        return self._fields.model

    @model.setter
    def model(self, model_id: str) -> None:
        if model_id == self._fields.model:
            return
        model = self._catalog.model(model_id)
        self._change(
            replace(
                self._fields,
                model=model_id,
                quality=model.default_quality,
                resolution=_nearest(self._fields.resolution, model.resolutions),
            )
        )

    @property
    def aspect_ratio(self) -> str:
        """The shape asked for, such as `16:9`."""
        return self._fields.aspect_ratio

    @aspect_ratio.setter
    def aspect_ratio(self, aspect_ratio: str) -> None:
        self._change(replace(self._fields, aspect_ratio=aspect_ratio))

    @property
    def resolution(self) -> str:
        """The size class asked for, such as `2k`."""
        return self._fields.resolution

    @resolution.setter
    def resolution(self, resolution: str) -> None:
        self._change(replace(self._fields, resolution=resolution))

    @property
    def quality(self) -> str | None:
        """The quality asked for; None only for a model of which none is known."""
        return self._fields.quality

    @quality.setter
    def quality(self, quality: str | None) -> None:
        self._change(replace(self._fields, quality=quality or self.offer.default_quality))

    @property
    def count(self) -> int:
        """How many pictures are asked for."""
        return self._fields.count

    @count.setter
    def count(self, count: int) -> None:
        self._change(replace(self._fields, count=count))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The pictures to start from, in the order in which the prompt's tags count them."""
        return self._fields.sources

    def add_source(self, source: Source) -> None:
        """Put one more source at the end."""
        self.set_sources((*self.sources, source))

    def remove_source(self, position: int) -> None:
        """Take the source at `position` away."""
        self.set_sources((*self.sources[:position], *self.sources[position + 1 :]))

    def move_source(self, position: int, to: int) -> None:
        """Put the source at `position` where `to` is; those between make room."""
        sources = list(self.sources)
        sources.insert(to, sources.pop(position))
        self.set_sources(sources)

    def set_sources(self, sources: Iterable[Source]) -> None:
        """Start from these sources and no others."""
        self._change(replace(self._fields, sources=tuple(sources)))

    def clear_sources(self) -> None:
        """Start from nothing."""
        self.set_sources(())

    def load(self, request: Request) -> None:
        """Take over everything from a request made before."""
        quality = request.quality or self._catalog.model(request.model).default_quality
        self._change(replace(request, quality=quality))

    def recall(self, story: Story) -> None:
        """Ask for what a picture's story says, as far as there still is such a thing; sources stay."""
        catalog, asked = self._catalog, story.request
        known = {
            "model": catalog.model(asked.model).is_known,
            "aspect_ratio": catalog.ratio(asked.aspect_ratio) is not None,
            "resolution": asked.resolution in RESOLUTIONS,
            "quality": asked.quality in QUALITIES,
            "count": 1 <= asked.count <= catalog.limits.max_count,
        }
        kept = {name: getattr(self._fields, name) for name, is_known in known.items() if not is_known}
        self.load(replace(asked, sources=self.sources, **kept))

    def request(self) -> Request:
        """What would be sent now."""
        return replace(self._fields, prompt=prompts.normalised(self._fields.prompt))

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with it, or worth knowing."""
        return self.request().validate(self._catalog)

    def estimate_ticks(self) -> int | None:
        """What it would cost, or None where the price is unknown."""
        return self._fields.estimate_ticks(self._catalog)

    def _change(self, fields: Request) -> None:
        if fields != self._fields:
            self._fields = fields
            self.changed.emit()


def _nearest(resolution: str, offered: tuple[str, ...]) -> str:
    """The offered resolution closest to the one wanted, the smaller of two that are equally close."""
    if resolution not in RESOLUTIONS:
        return offered[0]
    wanted = RESOLUTIONS.index(resolution)
    return min(offered, key=lambda candidate: abs(RESOLUTIONS.index(candidate) - wanted))
