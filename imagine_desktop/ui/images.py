"""Pixels and the library's own thumbnails as Qt's images."""

from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QImage, QImageReader

from imagine_desktop.domain.pixels import PixelFormat, Pixels

_FORMATS = {
    PixelFormat.RGB32: QImage.Format.Format_RGB32,
    PixelFormat.ARGB32: QImage.Format.Format_ARGB32,
}


def image_of(pixels: Pixels) -> QImage:
    """An image with its own copy of the pixels, in a format that is painted without conversion.

    An image made over Python's bytes would read freed memory once they are gone.
    """
    borrowed = QImage(pixels.data, pixels.width, pixels.height, pixels.stride_bytes, _FORMATS[pixels.format])
    if pixels.format is PixelFormat.ARGB32:
        return borrowed.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    return borrowed.copy()


def thumbnail_of(jpeg: bytes, box_px: int) -> QImage:
    """A thumbnail that this program made, scaled to fit a square of `box_px`; a null image if it is damaged.

    It becomes a pixmap without conversion, which would keep the window's thread. With its format fixed Qt tries
    no other decoder on what stands in its place.
    """
    buffer = QBuffer()
    buffer.setData(jpeg)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"jpeg")
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isEmpty():
        reader.setScaledSize(fitted_size(size.width(), size.height(), box_px))
    return reader.read().convertToFormat(QImage.Format.Format_RGB32)


def fitted_size(width: int, height: int, box_px: int) -> QSize:
    """The largest size of that shape in a square of `box_px`, at least one pixel each way."""
    scale = box_px / max(width, height)
    return QSize(max(1, round(width * scale)), max(1, round(height * scale)))
