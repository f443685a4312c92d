"""A picture's story inside its file: put in and read back without touching the compressed picture.

JPEG segments, PNG chunks and WebP chunks are put between those that are there. EXIF that the API delivered
stays; an XMP packet is replaced, for a file has only one.
"""

import struct
import time
import zlib
from collections.abc import Iterator

from imagine_desktop.domain.story import Story
from imagine_desktop.imaging import decode, xmp

_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"  # XMP specification, part 3
_JPEG_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_JPEG_EXIF = b"Exif\0\0"
_MOST_SEGMENT_BYTES = 65_533
_PNG_XMP = b"XML:com.adobe.xmp\0"
_PNG_HEAD_BYTES = 8
_WEBP_EXIF_FLAG, _WEBP_XMP_FLAG, _WEBP_ALPHA_FLAG = 0x08, 0x04, 0x10  # RFC 9649, section 2.7
_MOST_DESCRIPTION_BYTES = 8_000  # EXIF is for programs that read no XMP; a segment holds 65,533 bytes


class CannotCarry(ValueError):
    """The file cannot take a story; the text says why."""


def embed(data: bytes, story: Story) -> bytes:
    """The same picture with its story in it.

    Raises CannotCarry for what is no JPEG, PNG or WebP, for a story that is too long for its format, and for a
    picture with content credentials (C2PA): any change would make their signature invalid.
    """
    packet = xmp.packet(story)
    try:
        match decode.sniff(data):
            case "image/jpeg":
                return _into_jpeg(data, packet, _exif(story))
            case "image/png":
                return _into_png(data, packet, story)
            case "image/webp":
                return _into_webp(data, packet, _exif(story))
    except (struct.error, IndexError):
        raise CannotCarry("it is damaged") from None
    raise CannotCarry("its format has no place for it")


def story(data: bytes) -> Story | None:
    """The story that a picture's file tells; None where there is none, or the file is not as it should be."""
    try:
        match decode.sniff(data):
            case "image/jpeg":
                found = _packet_in_jpeg(data)
            case "image/png":
                found = _packet_in_png(data)
            case "image/webp":
                found = next((data[a:b] for name, a, b, _ in _riff(data) if name == b"XMP "), None)
            case _:
                return None
    except (struct.error, IndexError, CannotCarry):
        return None
    return None if found is None else xmp.parse(found)


def _exif(story: Story) -> bytes:
    """Prompt, program and time as a TIFF block; UTF-8 where EXIF says ASCII, as most programs do."""
    from PIL import Image  # slow to import; not needed before the window is shown

    exif = Image.Exif()
    text = _utf8(story.prompt)[:_MOST_DESCRIPTION_BYTES].decode(errors="ignore")  # whole characters
    exif[0x010E] = _utf8(text)  # ImageDescription
    exif[0x0131] = xmp.TOOL  # Software
    inner = exif.get_ifd(0x8769)
    inner[0x9003] = time.strftime("%Y:%m:%d %H:%M:%S", time.gmtime(story.created))  # DateTimeOriginal
    inner[0x9011] = "+00:00"  # OffsetTimeOriginal
    return exif.tobytes().removeprefix(_JPEG_EXIF)


def _into_jpeg(data: bytes, packet: bytes, exif: bytes) -> bytes:
    head: list[bytes] = []
    kept: list[bytes] = []
    has_exif = False
    end = 2
    for marker, start, end in _segments(data):
        inside = data[start + 4 : start + 4 + len(_JPEG_MORE_XMP)]
        if marker == 0xEB and inside.startswith(b"JP"):
            raise CannotCarry("it is signed")
        if marker == 0xE1 and inside.startswith((_JPEG_XMP, _JPEG_MORE_XMP)):
            continue
        is_exif = marker == 0xE1 and inside.startswith(_JPEG_EXIF)
        has_exif = has_exif or is_exif
        leads = not kept and (marker == 0xE0 or is_exif)  # JFIF and EXIF stand before all else
        (head if leads else kept).append(data[start:end])
    if not has_exif:
        head.append(_segment(_JPEG_EXIF + exif))
    return b"".join((data[:2], *head, _segment(_JPEG_XMP + packet), *kept, data[end:]))


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the first scan."""
    at = 2
    while True:
        while data[at] == 0xFF and data[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = data[at + 1]
        if data[at] != 0xFF or marker < 0xC0 or 0xD0 <= marker <= 0xD9:
            raise CannotCarry("it is damaged")
        if marker == 0xDA:  # start of scan: the compressed picture
            return
        end = at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])
        if end > len(data):
            raise CannotCarry("it is damaged")
        yield marker, at, end
        at = end


def _segment(payload: bytes) -> bytes:
    if len(payload) > _MOST_SEGMENT_BYTES:
        raise CannotCarry("its prompt is too long for the format")
    return b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload


def _packet_in_jpeg(data: bytes) -> bytes | None:
    for marker, start, end in _segments(data):
        if marker == 0xE1 and data.startswith(_JPEG_XMP, start + 4):
            return data[start + 4 + len(_JPEG_XMP) : end]
    return None


def _into_png(data: bytes, packet: bytes, story: Story) -> bytes:
    chunks = list(png_chunks(data))
    names = {name for name, _, _ in chunks}
    if b"caBX" in names:
        raise CannotCarry("it is signed")
    made = [] if b"eXIf" in names else [_chunk(b"eXIf", _exif(story))]
    made.append(_chunk(b"iTXt", _PNG_XMP + b"\0\0\0\0" + packet))  # not compressed, no language
    made.append(_chunk(b"iTXt", b"Description\0\0\0\0\0" + _utf8(story.prompt)))
    made.append(_chunk(b"iTXt", b"Software\0\0\0\0\0" + _utf8(xmp.TOOL)))
    pieces = [data[:_PNG_HEAD_BYTES]]
    for name, start, end in chunks:
        if name == b"IDAT":
            pieces += made
            made = []
        if not (name == b"iTXt" and data.startswith(_PNG_XMP, start + 8)):
            pieces.append(data[start:end])
    if made:
        raise CannotCarry("it is damaged")
    return b"".join((*pieces, data[chunks[-1][2] :]))


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk of a PNG."""
    at = _PNG_HEAD_BYTES
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + int(length)
        if end > len(data):
            raise CannotCarry("it is damaged")
        yield name, at, end
        if name == b"IEND":
            return
        at = end
    raise CannotCarry("it is damaged")


def _chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def _packet_in_png(data: bytes) -> bytes | None:
    for name, start, end in png_chunks(data):
        if name != b"iTXt" or not data.startswith(_PNG_XMP, start + 8):
            continue
        inside = data[start + 8 + len(_PNG_XMP) : min(end - 4, start + 2 * xmp.MOST_BYTES)]
        if inside[:1] != b"\0":  # compressed: this program writes none, and a bomb would be one
            return None
        return inside[2:].split(b"\0", 2)[2]
    return None


def _into_webp(data: bytes, packet: bytes, exif: bytes) -> bytes:
    chunks = list(_riff(data))
    names = {name for name, *_ in chunks}
    if b"C2PA" in names:
        raise CannotCarry("it is signed")
    first, start, _, end = chunks[0]
    flags = _WEBP_XMP_FLAG | (0 if b"EXIF" in names else _WEBP_EXIF_FLAG)
    if first == b"VP8X":
        head = bytearray(data[start:end])
        head[0] |= flags
    else:
        head = bytearray(_extended(first, data[start:end], flags))
        end = start - 8
    kept = [data[a - 8 : b] for name, a, _, b in chunks if name != b"XMP " and b > end]
    made = [] if b"EXIF" in names else [_riff_chunk(b"EXIF", exif)]
    inside = b"".join((b"WEBP", _riff_chunk(b"VP8X", bytes(head)), *kept, *made, _riff_chunk(b"XMP ", packet)))
    after = data[8 + int(struct.unpack_from("<I", data, 4)[0]) :]
    return b"RIFF" + struct.pack("<I", len(inside)) + inside + after


def _riff(data: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """Name, start and end of the content, and end with its padding, of each chunk of a WebP."""
    whole = min(len(data), 8 + int(struct.unpack_from("<I", data, 4)[0]))
    at = 12
    while at + 8 <= whole:
        name, length = struct.unpack_from("<4sI", data, at)
        start, end = at + 8, at + 8 + int(length)
        if end > whole:
            raise CannotCarry("it is damaged")
        at = min(end + (end & 1), whole)
        yield name, start, end, at


def _riff_chunk(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) & 1)


def _extended(name: bytes, image: bytes, flags: int) -> bytes:
    """The header that a simple WebP lacks (RFC 9649): flags and the picture's size, each less one."""
    if name == b"VP8L" and image[0] == 0x2F:
        bits = int(struct.unpack_from("<I", image, 1)[0])
        width, height = bits & 0x3FFF, (bits >> 14) & 0x3FFF
        flags |= _WEBP_ALPHA_FLAG if bits >> 28 & 1 else 0
    elif name == b"VP8 " and image[3:6] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", image, 6))
        width, height = width - 1, height - 1
    else:
        raise CannotCarry("it is damaged")
    return struct.pack("<I", flags) + width.to_bytes(3, "little") + height.to_bytes(3, "little")


def _utf8(text: str) -> bytes:
    return text.encode(errors="replace")
