"""The input pictures of an edit: from the request, from Files, from addresses on this computer."""

import base64
import binascii
import ipaddress
import urllib.error
import urllib.request
from http.client import HTTPException
from io import BytesIO
from urllib.parse import urlsplit

from PIL import Image, ImageOps

from imagine_desktop.sandbox import painter
from imagine_desktop.sandbox.store import Shelf
from imagine_desktop.sandbox.wire import ImageRef, refuse

MAX_BYTES = 20 << 20  # a picture in the request
MAX_FETCHED_BYTES = 10 << 20
MAX_PIXELS = 64_000_000
_FETCH_TIMEOUT_S = 5.0
_STAND_IN_SIZE = (1152, 864)


def load(ref: ImageRef, files: Shelf) -> Image.Image:
    """The picture that `ref` names; raises Refused. Blocks: decodes, and fetches from this computer.

    An address elsewhere cannot be fetched without the internet: a picture painted from its words stands in.
    """
    if ref.file_id is not None:
        kept = files.get(ref.file_id)
        if kept is None:
            refuse(f"The file {ref.file_id} was not found.", 404, "not-found")
        return _decoded(kept.data)
    url = ref.url or ""
    if url.startswith("data:"):
        return _decoded(_embedded(url))
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        refuse("image_url must either be a base64-encoded image or a URL.")
    if _is_here(parts.hostname):
        return _decoded(_fetched(url))
    words = " ".join(parts.path.replace("-", " ").replace("_", " ").replace("/", " ").split())
    return painter.scene(f"{words} {parts.hostname}", _STAND_IN_SIZE, 0)


def is_elsewhere(ref: ImageRef) -> bool:
    """Whether `load` paints a stand-in instead of fetching."""
    parts = urlsplit(ref.url or "")
    return parts.scheme in ("http", "https") and not _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _embedded(url: str) -> bytes:
    head, comma, text = url.partition(",")
    if not comma or not head.endswith(";base64") or not head.startswith("data:image/"):
        refuse("image_url must either be a base64-encoded image or a URL.")
    if len(text) > MAX_BYTES * 4 // 3 + 4:
        refuse("The image is larger than 20 MiB.")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        refuse("image_url must either be a base64-encoded image or a URL.")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirection for a failure: it could lead away from this computer."""

    def redirect_request(self, *_redirection: object) -> None:
        return None


def _fetched(url: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    request = urllib.request.Request(url, headers={"User-Agent": "XaiImageApiFetch/1.0"})  # noqa: S310  # http(s), checked
    try:
        with opener.open(request, timeout=_FETCH_TIMEOUT_S) as answer:
            data: bytes = answer.read(MAX_FETCHED_BYTES + 1)
    except urllib.error.HTTPError as problem:
        refuse(f"Failed to fetch the image from its URL: status {problem.code}.")
    except (OSError, HTTPException, ValueError):
        refuse("Failed to fetch the image from its URL.")
    if len(data) > MAX_FETCHED_BYTES:
        refuse("The image behind the URL is larger than 10 MiB.")
    return data


def _decoded(data: bytes) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                refuse("The image has too many pixels.")
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            if upright.mode in ("RGBA", "LA", "PA", "P"):
                layer = upright.convert("RGBA")
                white = Image.new("RGBA", layer.size, "white")
                return Image.alpha_composite(white, layer).convert("RGB")
            return upright.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        refuse(f"The image could not be decoded: {type(problem).__name__}.")
