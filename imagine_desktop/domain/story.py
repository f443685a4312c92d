"""How a picture came to be, as its exported copy tells it."""

from dataclasses import dataclass

from imagine_desktop.domain.request import Request


@dataclass(frozen=True, slots=True)
class Story:
    """The request that made a picture, and where the picture stands in its line.

    `id` is the picture's own everywhere: its turn's id and its place in the turn. `sources` are the ids of the
    pictures that it was made from, in order; an input that was no picture of a library is "file" or "address",
    never what it is called. `created` is seconds since 1970.
    """

    prompt: str
    model: str
    aspect_ratio: str = "auto"
    resolution: str = "1k"
    quality: str | None = None
    count: int = 1
    created: float = 0.0
    id: str = ""
    sources: tuple[str, ...] = ()

    @property
    def request(self) -> Request:
        """What was asked for, without the sources: they do not travel with the picture."""
        return Request(self.prompt, self.model, self.aspect_ratio, self.resolution, self.quality, self.count)
