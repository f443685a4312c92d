"""Pictures made for the tests."""

import io
import struct
import zlib

from PIL import Image, PngImagePlugin

from imagine_desktop.domain.catalog import Limits

LIMITS = Limits(
    max_count=10, max_source_bytes=52_428_800, max_source_pixels=64_000_000, max_upload_bytes=10_485_760
)
RED, BLUE = (220, 30, 30), (30, 30, 220)
SECRETS = (b"CanaryOwner", b"CanaryComment", b"CanaryTail", b"CanaryText", b"CanaryXmp", b"CanaryProfile")


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """An image as the bytes of a file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    """The image in a file's bytes."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def halves(size: tuple[int, int] = (80, 40), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.convert(mode)


def telling_photo(orientation: int = 1, kind: str = "JPEG") -> bytes:
    """A photo that tells who took it and where, in every place that its format has."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "CanaryOwner"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (48.0, 51.0, 29.0)
    options: dict[str, object] = {"exif": exif, "icc_profile": b"CanaryProfile"}
    if kind == "JPEG":
        options |= {"comment": b"CanaryComment", "quality": 95, "xmp": b"CanaryXmp"}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "CanaryText")
        text.add_itxt("XML:com.adobe.xmp", "CanaryXmp")
        options["pnginfo"] = text
    if kind == "WEBP":
        options |= {"xmp": b"CanaryXmp", "lossless": True}
    return encoded(halves(), kind, **options) + b"CanaryTail"


def png_claiming(width: int, height: int) -> bytes:
    """A small PNG that says it is of that size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def sixteen_bit_grey(value: int = 32_768, **options: object) -> bytes:
    """A PNG of one grey in 16 bits."""
    image = Image.frombytes("I;16", (40, 20), struct.pack("<H", value) * 800)
    return encoded(image, "PNG", **options)
