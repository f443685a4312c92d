"""Pixels as Qt's images."""

from PySide6.QtGui import QImage

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
