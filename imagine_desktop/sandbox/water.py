"""Water that mirrors what lies above it."""

from math import sin
from random import Random

from PIL import Image, ImageFilter

from imagine_desktop.sandbox.canvas import Canvas, Point, darker, lighter, mix, oval, ramp
from imagine_desktop.sandbox.light import Light


def reflect(canvas: Canvas, random: Random, light: Light, shore: float, sun: Point, *, calm: float) -> None:
    """Water from `shore` down that mirrors what lies above it."""
    width, unit = canvas.width, canvas.unit
    top, deep = round(shore), canvas.height - round(shore)
    if deep < 2:
        return
    source = canvas.image.crop((0, max(0, top - round(deep * 1.35)), width, top)).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    mirror = source.resize((width, deep), Image.Resampling.BICUBIC).filter(
        ImageFilter.GaussianBlur(unit * 0.35)
    )
    mirror = _rippled(mirror, random, unit * (1.2 - calm))
    tint = ramp(
        (
            mix(light.sky[-1], light.sky[1], 0.45),
            mix(light.sky[1], light.shade, 0.35),
            mix(light.sky[0], light.shade, 0.55),
        ),
        (width, deep),
    )
    canvas.image.paste(Image.blend(tint, mirror, 0.35 + 0.4 * calm), (0, top))
    canvas.veil(light.haze, _fading((width, max(2, round(unit * 5))), 150), (0, top))
    glint: list[list[Point]] = []
    for _ in range(round(deep / unit * 5)):
        share = random.random() ** 1.4
        y = top + deep * share
        spread = unit * (4 + 26 * share)
        x = random.gauss(sun[0], spread * 0.5)
        glint.append(
            oval(
                x,
                y,
                unit * (0.5 + 3.2 * share) * random.uniform(0.4, 1.2),
                unit * (0.08 + 0.26 * share),
                steps=12,
            )
        )
    canvas.fill(*glint, paint=lighter(light.sun, 0.2), opacity=0.62 if not light.is_night else 0.4)
    crests = []
    for _ in range(round(deep / unit * 7)):
        share = random.random()
        x, y, reach = (
            random.uniform(0, width),
            top + deep * share,
            unit * (1 + 7 * share) * random.uniform(0.5, 1.3),
        )
        crests.append(oval(x, y, reach, unit * (0.05 + 0.18 * share), steps=12))
    canvas.fill(*crests[::2], paint=lighter(light.sky[-1], 0.2), opacity=0.2)
    canvas.fill(*crests[1::2], paint=darker(light.sky[0], 0.25), opacity=0.2)


def _fading(size: tuple[int, int], top: int) -> Image.Image:
    """A mask that fades from `top` above to nothing below."""
    return Image.linear_gradient("L").point([round((255 - v) * top / 255) for v in range(256)]).resize(size)


def _rippled(image: Image.Image, random: Random, strength: float) -> Image.Image:
    """Rows pushed to and fro, more so towards the front."""
    width, height = image.size
    rippled = image.copy()
    y = 0
    phase = random.uniform(0, 6)
    while y < height:
        share = y / height
        band = max(1, round(1 + 5 * share))
        push = round(
            strength * (0.3 + 3.2 * share) * (sin(y / (3 + 14 * share) + phase) + random.uniform(-0.6, 0.6))
        )
        strip = image.crop((0, y, width, min(height, y + band)))
        rippled.paste(strip, (push, y))
        y += band
    return rippled
