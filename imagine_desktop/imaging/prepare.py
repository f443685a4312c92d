"""What is uploaded: a source file is read once, checked by content, and sent as its pixels only.

Re-encoding leaves out EXIF (position, camera, owner), comments and whatever follows the picture's end, and
applies the orientation. Pictures of the library came from the API and go back as they are, and so do files
where the person chose to send original bytes.
"""

import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imagine_desktop.domain.catalog import Limits
from imagine_desktop.domain.sending import Form, Sending
from imagine_desktop.errors import BadInput
from imagine_desktop.imaging import decode

if TYPE_CHECKING:
    from PIL import Image

# From the smallest loss to the largest: the JPEG's quality, and whether its colours are halved (4:2:0).
_STEPS = ((95, 0), (90, 0), (85, 0), (80, 0), (80, 2), (70, 2), (60, 2))
_MAX_JPEG_SIDE_PX = 65_500  # libjpeg's


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture as it goes over the wire. `quality` is that of a JPEG made here, in per cent."""

    mime: str
    data: bytes
    width: int
    height: int
    quality: int | None = None


def read_file(path: Path, limits: Limits) -> bytes:
    """The bytes of a person's picture file, read once.

    Raises BadInput for anything that is no regular file of a sensible size; a FIFO or device does not block.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise BadInput("Sources", f"there is no file {path}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise BadInput("Sources", f"{path} cannot be opened: {reason}") from None
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode):
        os.close(descriptor)
        raise BadInput("Sources", f"{path} is not a file")
    with os.fdopen(descriptor, "rb") as file:
        if facts.st_size > limits.max_source_bytes:
            raise BadInput("Sources", f"{path.name} is larger than {_megabytes(limits.max_source_bytes)}")
        try:
            data = file.read(limits.max_source_bytes + 1)
        except OSError as error:
            raise BadInput("Sources", f"{path} cannot be read: {error.strerror}") from None
    if len(data) > limits.max_source_bytes:
        raise BadInput("Sources", f"{path.name} is larger than {_megabytes(limits.max_source_bytes)}")
    return data


def prepare(data: bytes, name: str, limits: Limits) -> Upload:
    """A person's picture as it may be sent, re-encoded with the smallest loss that fits the upload limit.

    Raises BadInput where the bytes are no picture.
    """
    try:
        image = decode.open_image(data, limits.max_source_pixels)
    except decode.Undecodable as error:
        raise BadInput("Sources", f"{name} cannot be used: {error}") from None
    clean = _only_pixels(image)
    if decode.sniff(data) != "image/jpeg":
        encoded = _encoded(clean, "PNG")
        if len(encoded) <= limits.max_upload_bytes:
            return Upload("image/png", encoded, clean.width, clean.height)
    opaque = _opaque(clean)
    for quality, subsampling in _STEPS if max(opaque.size) <= _MAX_JPEG_SIDE_PX else ():
        encoded = _encoded(opaque, "JPEG", quality=quality, subsampling=subsampling)
        if len(encoded) <= limits.max_upload_bytes:
            return Upload("image/jpeg", encoded, opaque.width, opaque.height, quality)
    raise BadInput("Sources", f"{name} is too large to send, however it is compressed")


def unchanged(data: bytes, name: str, limits: Limits) -> Upload:
    """A picture byte for byte, or prepared where it is over the upload limit or the API takes no such kind.

    For pictures of the library, which came from the API, and where the person chose to send original bytes.
    """
    try:
        facts = decode.examine(data, limits.max_source_pixels)
    except decode.Undecodable as error:
        raise BadInput("Sources", f"{name} cannot be used: {error}") from None
    if len(data) > limits.max_upload_bytes or facts.mime == "image/gif":
        return prepare(data, name, limits)
    return Upload(facts.mime, data, facts.width, facts.height)


def described(data: bytes, upload: Upload) -> Sending:
    """What becomes of a source's bytes in an upload, to be read before it is sent. Raises BadInput."""
    try:
        (width, height), is_turned = decode.header(data)
        extras = decode.extras(data)
    except decode.Undecodable as error:
        raise BadInput("Sources", f"a source cannot be used: {error}") from None
    if is_turned and (width, height) != (upload.width, upload.height):
        width, height = height, width
    return Sending(
        was=Form(_kind(decode.sniff(data) or ""), len(data), width, height),
        becomes=Form(_kind(upload.mime), len(upload.data), upload.width, upload.height),
        is_original=upload.data is data,
        quality=upload.quality,
        extras=extras,
    )


def _kind(mime: str) -> str:
    return {"image/webp": "WebP"}.get(mime, mime.removeprefix("image/").upper())


def _only_pixels(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    converted = image.convert("RGBA" if has_alpha else "RGB")
    # A new image: `convert` and `save` would carry a JPEG comment along.
    return Image.frombytes(converted.mode, converted.size, converted.tobytes())


def _opaque(image: "Image.Image") -> "Image.Image":
    from PIL import Image

    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _encoded(image: "Image.Image", kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _megabytes(count: int) -> str:
    return f"{count / 1_048_576:.0f} MB"
