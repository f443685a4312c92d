"""One HTML file that shows pictures with their story: nothing is loaded from elsewhere, no text is obeyed."""

import base64
import hashlib
import html
import io
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import BinaryIO

from imagine_desktop import paths
from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.record import PictureId, SourceKind, Turn, TurnId, TurnSource
from imagine_desktop.errors import LibraryError
from imagine_desktop.export.exhibit import Exhibit, exhibits
from imagine_desktop.export.outcome import Progress
from imagine_desktop.imaging import decode
from imagine_desktop.library.library import Library
from imagine_desktop.settings import SANDBOX

MOST_PX = 1600  # of a picture's longer side in the page; the folder and the zip have the pictures themselves
_QUALITY = 86


def write(library: Library, ids: Sequence[PictureId], file: BinaryIO, title: str, progress: Progress) -> None:
    """Write the page of saved pictures, one in memory at a time; blocks.

    A picture that others were made from is shown too, at the end, though it is not one of them: comparing needs
    it. What the inputs from files and addresses are called is left out. Raises LibraryError.
    """
    style, script = (paths.resource(f"page/page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    chosen = dict.fromkeys(ids)
    sources: dict[PictureId, None] = {}
    costs: dict[TurnId, int] = {}
    for shown in exhibits(library, ids):
        is_charged = shown.turn.profile != SANDBOX.name
        costs[shown.turn.id] = (shown.turn.cost_ticks or 0) if is_charged else 0
        sources |= {p.id: None for p in shown.parents if p.id not in chosen and p.is_whole}
    summary = f"{_count(len(ids), 'picture')} in {_count(len(costs), 'turn')}"
    if sum(costs.values()):
        summary += f" · {money.usd(sum(costs.values()))}"
    file.write(_head(title, summary, style, script).encode(errors="replace"))
    page = _Page(library, frozenset((*chosen, *sources)))
    for _, turn in groupby(exhibits(library, ids), lambda shown: shown.turn.id):
        for piece in page.section(list(turn), "", lambda done: progress(done, len(ids))):
            file.write(piece.encode(errors="replace"))
    for source in exhibits(library, list(sources)):
        for piece in page.section([source], "An earlier picture · ", lambda _: None):
            file.write(piece.encode(errors="replace"))
    file.write(_foot(script).encode())


def policy(style: str, script: str) -> str:
    """The page's content security policy: its own style and script by hash, pictures inside it, no more."""
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _head(title: str, summary: str, style: str, script: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Imagine Desktop">
<title>{_text(title)}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{_text(title)}</h1>
<p>{_text(summary)}</p>
</header>
<main>
"""


def _foot(script: str) -> str:
    return f"""</main>
<footer>Made with Imagine Desktop. These pictures were generated, not photographed.</footer>
<dialog aria-label="Picture">
<div class="bar">
<span class="where"></span>
<button type="button" class="plain toggle" aria-pressed="false">Before / after</button>
<button type="button" class="plain back">Previous</button>
<button type="button" class="plain on">Next</button>
<button type="button" class="plain close">Close</button>
</div>
<div class="stage"><div class="frame">
<img class="after" alt=""><img class="before" alt="" hidden>
<input type="range" min="0" max="100" step="0.5" value="50" aria-label="Before and after" hidden>
<span class="line" hidden></span>
<span class="tag left" hidden>Before</span><span class="tag right" hidden>After</span>
</div></div>
<p class="words"></p>
</dialog>
<script>{script}</script>
</body>
</html>
"""


class _Page:
    """The parts of a page; `linked` are the pictures that are somewhere in it."""

    def __init__(self, library: Library, linked: frozenset[PictureId]) -> None:
        self._library = library
        self._linked = linked

    def section(self, turn: Sequence[Exhibit], heading: str, progress: Callable[[int], None]) -> Iterator[str]:
        """The pictures of one turn beside its story."""
        first = turn[0]
        facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in self._facts(first.turn))
        yield f"""<section class="turn">
<div class="story">
<p class="number">{heading}{_text(first.session)} · turn {first.turn_number}</p>
<h2 dir="auto">{_text(first.turn.prompt)}</h2>
<dl>{facts}</dl>
</div>
<div class="pictures{" one" if len(turn) == 1 else ""}">
"""
        for shown in turn:
            yield self._figure(shown)
            progress(shown.number)
        yield "</div>\n</section>\n"

    def _facts(self, turn: Turn) -> list[tuple[str, str]]:
        """Names and values of a turn, the values escaped."""
        facts = {
            "Made from": ", ".join(self._named(source) for source in turn.sources),
            "Model": _text(turn.model_served or turn.model),
            "Shape": _text(" · ".join(filter(None, (turn.aspect_ratio, turn.resolution, turn.quality)))),
            "Made": time.strftime("%Y-%m-%d %H:%M", time.localtime(turn.created)),
            "Cost": _cost(turn),
        }
        return [(name, value) for name, value in facts.items() if value]

    def _named(self, source: TurnSource) -> str:
        if source.picture_id is None:
            return "a file" if source.kind is SourceKind.FILE else "an address"
        link = f'<a href="#p{source.picture_id}">picture {source.picture_id}</a>'
        return link if source.picture_id in self._linked else f"picture {source.picture_id}"

    def _figure(self, shown: Exhibit) -> str:
        picture = shown.picture
        address, width, height = _inside(self._library, picture.path or "")
        alt = _text(prompts.first_line(shown.turn.prompt, 400))
        before = next((parent.id for parent in shown.parents if parent.id in self._linked), None)
        compare = '<button type="button" class="plain compare" hidden>Before / after</button>' if before else ""
        return f"""<figure id="p{picture.id}"{f' data-before="p{before}"' if before else ""}>
<button type="button" class="open" aria-label="Show picture {picture.id} large"><img src="{address}"
 width="{width}" height="{height}" alt="{alt}" decoding="async"></button>
<figcaption><span>Picture {picture.id} · {picture.width} × {picture.height}</span>{compare}</figcaption>
</figure>
"""


def _cost(turn: Turn) -> str:
    if turn.cost_ticks is None:
        return ""
    about = "about " if turn.cost_source == "estimate" else ""
    free = ", drawn by the sandbox and not charged" if turn.profile == SANDBOX.name else ""
    return f"{about}{money.usd(turn.cost_ticks)}{free}"


def _inside(library: Library, relative: str) -> tuple[str, int, int]:
    """A picture as an address that holds it, fitted to the page, with its size in pixels there."""
    data = library.files.read(relative)
    try:
        image = decode.open_image(data)
    except decode.Undecodable as error:
        raise LibraryError(f"{relative} cannot be shown: {error}.") from error
    mime = decode.sniff(data)
    if max(image.size) > MOST_PX or mime not in ("image/jpeg", "image/webp"):
        image.thumbnail((MOST_PX, MOST_PX))
        buffer = io.BytesIO()
        has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        if has_alpha:
            image.convert("RGBA").save(buffer, "WEBP", quality=_QUALITY)
        else:
            image.convert("RGB").save(buffer, "JPEG", quality=_QUALITY)
        data, mime = buffer.getvalue(), "image/webp" if has_alpha else "image/jpeg"
    return f"data:{mime};base64,{base64.b64encode(data).decode()}", image.width, image.height


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _text(value: str) -> str:
    """Text from outside, as HTML shows it letter by letter."""
    return html.escape(prompts.normalised(value))
