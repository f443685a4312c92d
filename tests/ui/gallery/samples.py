"""Thumbnails as the library keeps them."""

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter


def flat_jpeg(colour: QColor, width: int, height: int) -> bytes:
    """A JPEG of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return jpeg_of(image)


def jpeg_of(image: QImage) -> bytes:
    """An image as a JPEG of the best quality."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"jpeg")
    writer.setQuality(100)
    assert writer.write(image)
    return bytes(buffer.data().data())
