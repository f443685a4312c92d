"""What is dragged or copied is told apart by what it surely is, whoever offers it."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.carrying import keeping, parcel
from imagine_desktop.ui.carrying.offer import Offer, offer_of


def mime(**forms: bytes) -> QMimeData:
    """Data of these types; `image__png` stands for image/png."""
    made = QMimeData()
    for name, data in forms.items():
        made.setData(name.replace("__", "/").replace("_", "-").replace("-plus-", "+"), data)
    return made


def urls(*lines: str) -> QMimeData:
    return mime(text__uri_list="\r\n".join(lines).encode())


def html(text: str) -> QMimeData:
    made = QMimeData()
    made.setHtml(text)
    return made


@pytest.mark.skipif(os.name == "nt", reason="paths are written otherwise there")
@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["file:///a%20b.png", "https://example.com/x.png"], [b"/a b.png"]),
        (["file:///caf%C3%A9.png"], ["/café.png".encode()]),
        (["file:///a%23b%3Fc.png"], [b"/a#b?c.png"]),
        (["file://localhost/a.png"], [b"/a.png"]),
        (["file:///nul%00.png", "file:///a.png"], [b"/a.png"]),
        (["file://another/share/a.png", "file:///a.png"], [b"/a.png"]),
    ],
)
def test_files_are_named_as_they_are(lines: list[str], names: list[bytes]) -> None:
    assert [os.fsencode(path) for path in offer_of(urls(*lines)).files] == names


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_a_name_that_is_no_text_names_its_file_still(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"odd \xff.png")
    odd.write_bytes(b"here")
    encoded = QUrl.fromEncoded(f"file://{tmp_path}/odd%20%FF.png".encode())
    data = QMimeData()
    data.setUrls([encoded])
    assert offer_of(data).files == (odd,)


def test_the_ids_of_another_process_are_those_of_another_library() -> None:
    own, other = QMimeData(), QMimeData()
    own.setData("application/x-imagine-picture-ids", parcel.ids_as_bytes([PictureId(3), PictureId(1)]))
    other.setData("application/x-imagine-picture-ids", b"0123456789abcdef:3,1")
    other.setUrls([QUrl("file:///a.png")])
    assert offer_of(own) == Offer(picture_ids=(PictureId(3), PictureId(1)))
    assert offer_of(other).files
    broken = QMimeData()
    broken.setData("application/x-imagine-picture-ids", b"\xff\xfe")
    assert not offer_of(broken)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<a href="https://e.example/page"><img src="https://e.example/a.png"></a>', "https://e.example/a.png"),
        ('<img src="http://e.example/a.png"><img src="https://e.example/b.png">', "https://e.example/b.png"),
        ('<img alt="x" src="file:///etc/passwd"><img src="data:image/png;base64,AAAA">', ""),
        ('<img src="https://user:word@e.example/a.png">', ""),
        ("<img src><img src='//e.example/a.png'>" + "<" * 5000, ""),
    ],
)
def test_of_html_the_first_picture_on_https_is_taken(text: str, expected: str) -> None:
    assert offer_of(html(text)).addresses == ((expected,) if expected else ())


def test_a_link_around_a_picture_gives_the_picture() -> None:
    linked = urls("https://e.example/page")
    linked.setHtml('<img src="https://e.example/a.png">')
    assert offer_of(linked).addresses == ("https://e.example/a.png",)


def test_pixels_go_before_addresses_and_files_before_pixels() -> None:
    browser = mime(image__png=b"x", text__uri_list=b"https://e.example/a.png")
    assert offer_of(browser) == Offer(has_pixels=True)
    manager = mime(image__png=b"x", text__uri_list=b"file:///a.png")
    assert offer_of(manager).files


def test_an_svg_is_named_and_never_decoded() -> None:
    svg = mime(**{"image__svg_plus_xml": b"<svg xmlns='http://www.w3.org/2000/svg'/>"})
    found = offer_of(svg)
    assert (found.other, found.has_pixels) == ("image/svg+xml", False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a fox ", Offer(text="a fox")),
        ("https://e.example/a.png\n", Offer(addresses=("https://e.example/a.png",))),
        ("see https://e.example/a.png", Offer(text="see https://e.example/a.png")),
        ("http://e.example/a.png", Offer(text="http://e.example/a.png")),
        ("   ", Offer()),
    ],
)
def test_a_text_is_an_address_only_as_a_whole(text: str, expected: Offer) -> None:
    made = QMimeData()
    made.setText(text)
    assert offer_of(made) == expected


def test_pixels_are_taken_as_they_come(home: Path) -> None:
    half = mime(image__png=b"\x89PNG\r\n\x1a\n half")
    pixels = keeping.pixels_of(half)
    assert pixels is not None
    first, second = keeping.keep(pixels), keeping.keep(pixels)
    assert first != second
    assert first.read_bytes() == second.read_bytes() == b"\x89PNG\r\n\x1a\n half"
    image = QMimeData()
    image.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    own = keeping.pixels_of(image)
    assert own is not None
    assert QImage(str(keeping.keep(own))).width() == 4
    assert keeping.pixels_of(QMimeData()) is None


def test_what_was_pasted_long_ago_is_removed(home: Path) -> None:
    old = keeping.keep(keeping.Pixels(b"old", ".png"))
    os.utime(old, (1, 1))
    new = keeping.keep(keeping.Pixels(b"new", ".png"))
    keeping.tidy()
    assert list(old.parent.iterdir()) == [new]
