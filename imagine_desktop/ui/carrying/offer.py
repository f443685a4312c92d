"""What somebody drags over the window or has copied, told apart without decoding anything."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import address_problem
from imagine_desktop.ui.carrying import keeping, parcel

_QT_IMAGE = "application/x-qt-image"
_MOST_CHARACTERS = 1_000_000
_MOST_URLS = 10_000


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to take; of all forms the surest one is filled in.

    `picture_ids` are the library's. `files` may be folders, or not exist. `addresses` are on the web.
    `has_pixels`: `keeping.pixels_of` gives a picture. `other` is a form of picture that is not taken, such as
    `image/svg+xml`. `text` is nothing but text.
    """

    picture_ids: tuple[PictureId, ...] = ()
    files: tuple[Path, ...] = ()
    addresses: tuple[str, ...] = ()
    has_pixels: bool = False
    other: str = ""
    text: str = ""

    @property
    def has_pictures(self) -> bool:
        """Whether it names or holds pictures, as far as can be told without looking at them."""
        return bool(self.picture_ids or self.files or self.addresses or self.has_pixels or self.other)

    def __bool__(self) -> bool:
        return self.has_pictures or bool(self.text)


def offer_of(mime: QMimeData) -> Offer:
    """What something dragged or copied offers."""
    if ids := parcel.ids_in(mime):
        return Offer(picture_ids=ids)
    urls = mime.urls()[:_MOST_URLS]
    if files := tuple(_files(urls)):
        return Offer(files=files)
    formats = mime.formats()
    foreign = next((name for name in formats if name.startswith("image/")), "")
    if any(map(keeping.is_kind, formats)) or (_QT_IMAGE in formats and not foreign):
        return Offer(has_pixels=True)
    text = mime.text()[:_MOST_CHARACTERS].strip() if mime.hasText() else ""
    addresses = tuple(url.toString() for url in urls if url.scheme() in ("http", "https"))
    shown = _first_image(mime.html()[:_MOST_CHARACTERS]) if mime.hasHtml() else ""
    if shown and (addresses or not text):  # a link around a picture names the page; the picture was meant
        addresses = (shown,)
    if not addresses and address_problem(text) is None:
        addresses = (text,)
    if addresses:
        return Offer(addresses=addresses)
    return Offer(text=text) if text else Offer(other=foreign)


def _files(urls: list[QUrl]) -> Iterator[Path]:
    """The files that URLs name; QUrl itself would spoil names that are not UTF-8."""
    for url in urls:
        if not url.isLocalFile() or (url.host() not in ("", "localhost") and os.name != "nt"):
            continue
        if os.name == "nt":
            yield Path(url.toLocalFile())
            continue
        name = unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))
        if name and b"\0" not in name:
            yield Path(os.fsdecode(name))


def _first_image(html: str) -> str:
    reader = _ImageFinder()
    reader.feed(html)
    return reader.found


class _ImageFinder(HTMLParser):
    """Finds the first picture on the web that a piece of HTML shows."""

    found = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src") or ""
        if tag == "img" and not self.found and address_problem(source) is None:
            self.found = source
