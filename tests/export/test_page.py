"""The page: one file, nothing from elsewhere, no text obeyed; also in a browser."""

import base64
import hashlib
import html.parser
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.domain.record import PictureId
from imagine_desktop.export import page
from imagine_desktop.export.outcome import no_progress
from imagine_desktop.library.library import Library
from tests.export.conftest import ALL, HOSTILE, SIZES


def written(library: Library, ids: list[PictureId], title: str = "Harbour <b>&") -> str:
    file = io.BytesIO()
    page.write(library, ids, file, title, no_progress)
    return file.getvalue().decode()


class Seen(html.parser.HTMLParser):
    """The elements of a page as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._at = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._at = tag

    def handle_data(self, data: str) -> None:
        self.texts[self._at] = self.texts.get(self._at, "") + data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_nothing_is_loaded_from_elsewhere_and_only_its_own_code_may_run(shown: Library) -> None:
    text = written(shown, ALL)
    seen = Seen(text)
    policy = next(m["content"] for m in seen.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    for tag in ("style", "script"):
        (inside,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    for name, attributes in seen.elements:
        assert not any(key.startswith("on") or key == "style" for key in attributes), (name, attributes)
        for key in ("src", "href"):
            value = attributes.get(key)
            assert value is None or value.startswith(("data:image/", "#p")), (name, value)
    assert not seen.all("link")
    assert "url(" not in text
    assert "@import" not in text


def test_text_from_outside_is_shown_letter_by_letter(shown: Library) -> None:
    seen = Seen(written(shown, ALL))
    assert HOSTILE in seen.texts["h2"]
    assert seen.texts["h1"].strip() == "Harbour <b>&"
    assert len(seen.all("script")) == 1
    assert not [a for a in seen.all("img") if a.get("src") == "x"]
    assert not seen.all("b")
    assert "Canary" not in written(shown, ALL)


def test_pictures_are_inside_fitted_and_linked_to_what_they_come_from(shown: Library) -> None:
    seen = Seen(written(shown, ALL))
    figures = {figure["id"]: figure.get("data-before") for figure in seen.all("figure")}
    assert figures == {"p1": None, "p2": None, "p3": "p2", "p4": "p3", "p5": None}
    assert [a["href"] for a in seen.all("a")] == ["#p2", "#p3"]
    for number, image in zip(SIZES, seen.all("img"), strict=False):
        source = (image["src"] or "").partition("base64,")[2]
        with Image.open(io.BytesIO(base64.b64decode(source))) as inside:
            assert max(inside.size) <= page.MOST_PX
            assert [str(side) for side in inside.size] == [image["width"], image["height"]]
            assert inside.size == SIZES[number] or number == 4


def test_what_a_picture_came_from_is_there_to_compare_with(shown: Library) -> None:
    text = written(shown, [PictureId(3)])
    assert [figure["id"] for figure in Seen(text).all("figure")] == ["p3", "p2"]
    assert "An earlier picture" in text
    assert "1 picture in 1 turn · $0.02" in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_browser_runs_its_own_code_and_nothing_else(shown: Library, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(written(shown, ALL), encoding="utf-8")
    command = [
        "chromium",
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--enable-logging=stderr",
        "--v=0",
    ]
    command += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=3000", "--dump-dom"]
    ended = subprocess.run([*command, path.as_uri()], capture_output=True, text=True, timeout=50, check=False)
    seen = Seen(ended.stdout)
    buttons = [button for button in seen.all("button") if "compare" in (button["class"] or "")]
    assert len(buttons) == 2
    assert not any("hidden" in button for button in buttons)  # the page's script ran
    assert "CONSOLE" not in ended.stderr, ended.stderr
