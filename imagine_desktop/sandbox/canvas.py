"""Drawing with soft, crisp-edged shapes on a Pillow picture, and the colours to do it with."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]
Paint = Colour | tuple[Colour, Colour]  # one colour, or one from above fading into one below

_MAX_MASK_SIDE = 4200


def rgb(text: str) -> Colour:
    """A colour from six hexadecimal digits."""
    return int(text[0:2], 16), int(text[2:4], 16), int(text[4:6], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`one` with a share (0..1) of `other`."""
    share = min(max(share, 0.0), 1.0)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def lighter(colour: Colour, share: float) -> Colour:
    """Towards a warm white."""
    return mix(colour, (255, 250, 240), share)


def darker(colour: Colour, share: float) -> Colour:
    """Towards a cool black."""
    return mix(colour, (10, 12, 28), share)


def ramp(stops: Sequence[Colour], size: tuple[int, int]) -> Image.Image:
    """A picture whose colours run smoothly through `stops` from top to bottom."""
    strip = Image.new("RGB", (1, len(stops)))
    strip.putdata(list(stops))
    half = 0.5
    return strip.resize((1, size[1]), Image.Resampling.BICUBIC, box=(0, half, 1, len(stops) - half)).resize(
        size
    )


def fog(
    size: tuple[int, int], random: Random, cells: int = 3, octaves: int = 5, stretch: float = 1.0
) -> Image.Image:
    """Smooth noise from 0 to 255 with detail at several scales; `stretch` > 1 draws it out sideways."""
    noise = Image.new("L", size, 128)
    share = 0.62
    for octave in range(octaves):
        across = max(2, round(cells * 2**octave * size[0] / size[1] / stretch))
        down = max(2, cells * 2**octave)
        small = Image.frombytes("L", (across, down), random.randbytes(across * down))
        noise = Image.blend(noise, small.resize(size, Image.Resampling.BICUBIC), share if octave else 1.0)
        share *= 0.62
    return noise


def levels(image: Image.Image, low: float, high: float, top: float = 255) -> Image.Image:
    """`low` and below become 0, `high` and above `top`, smoothly in between."""

    def curve(value: int) -> int:
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return round(top * share * share * (3 - 2 * share))

    return image.point([curve(value) for value in range(256)])


def smooth(points: Sequence[Point], *, closed: bool = True, steps: int = 8) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    curve: list[Point] = []
    for start in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(start + offset) % count] for offset in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(start + offset, 0), count - 1)] for offset in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(points[-1])
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))


def oval(x: float, y: float, rx: float, ry: float, tilt: float = 0.0, *, steps: int = 48) -> list[Point]:
    """The outline of an ellipse; `tilt` in radians."""
    points = []
    for step in range(steps):
        across, down = rx * cos(2 * pi * step / steps), ry * sin(2 * pi * step / steps)
        points.append((x + across * cos(tilt) - down * sin(tilt), y + across * sin(tilt) + down * cos(tilt)))
    return points


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """The outline of a rectangle."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def outline(text: str, side: int = 1) -> list[Point]:
    """Points written as `x,y x,y …` in hundredths of a drawing's size; y runs down, `side` -1 mirrors them."""
    pairs = (pair.split(",") for pair in text.split())
    return [(side * float(x) / 100, float(y) / 100) for x, y in pairs]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where and how large a thing is drawn; called with points of the thing's own, it brings them there."""

    x: float
    y: float
    size: float
    is_flipped: bool = False

    def __call__(self, points: Iterable[Point]) -> list[Point]:
        sign = -1 if self.is_flipped else 1
        return [(self.x + sign * self.size * a, self.y + self.size * b) for a, b in points]


class Canvas:
    """A picture being painted. Coordinates are pixels; `unit` is a hundredth of the shorter side."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.width, self.height = image.size
        self.unit = min(image.size) / 100

    def fill(self, *shapes: Sequence[Point], paint: Paint, opacity: float = 1.0, blur: float = 0.0) -> None:
        """Fill polygons; a fading paint runs from the top to the bottom of all of them together."""
        self._lay(shapes, paint=paint, opacity=opacity, blur=blur, draw=_polygon)

    def lines(
        self, *paths: Sequence[Point], width: float, paint: Paint, opacity: float = 1.0, blur: float = 0.0
    ) -> None:
        """Draw lines with round joints."""

        def draw_line(pen: ImageDraw.ImageDraw, points: list[Point], scale: float) -> None:
            pen.line(points, fill=255, width=max(1, round(width * scale)), joint="curve")

        self._lay(paths, paint=paint, opacity=opacity, blur=blur, draw=draw_line, margin=width)

    def light(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """A soft glow that adds to what is there."""
        side = max(2, round(radius * 2))
        glow = Image.radial_gradient("L").point([round(255 * (1 - min(v / 181, 1)) ** 2.2) for v in range(256)])
        glow = glow.resize((side, side), Image.Resampling.BICUBIC)
        left, top = round(x - radius), round(y - radius)
        area = self._inside((left, top, left + side, top + side))
        if area is None:
            return
        mask = glow.crop((area[0] - left, area[1] - top, area[2] - left, area[3] - top))
        under = self.image.crop(area)
        lit = ImageChops.screen(under, Image.new("RGB", under.size, mix((0, 0, 0), colour, strength)))
        self.image.paste(Image.composite(lit, under, mask), area)

    def veil(self, paint: Paint, mask: Image.Image, at: tuple[int, int] = (0, 0)) -> None:
        """Lay a colour over the picture where the mask (L) says so."""
        cover = ramp(paint, mask.size) if isinstance(paint[0], tuple) else Image.new("RGB", mask.size, paint)
        self.image.paste(cover, at, mask)

    def _inside(self, area: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
        left, top = max(area[0], 0), max(area[1], 0)
        right, bottom = min(area[2], self.width), min(area[3], self.height)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _lay(
        self,
        shapes: Sequence[Sequence[Point]],
        *,
        paint: Paint,
        opacity: float,
        blur: float,
        draw: Callable[[ImageDraw.ImageDraw, list[Point], float], None],
        margin: float = 0.0,
    ) -> None:
        """Draw shapes larger than they are into a mask of their surroundings, and paint through it."""
        shapes = [shape for shape in shapes if len(shape) > 1]
        if not shapes:
            return
        spare = margin + blur * 3 + 2
        xs = [x for shape in shapes for x, _ in shape]
        ys = [y for shape in shapes for _, y in shape]
        left, top = int(min(xs) - spare), int(min(ys) - spare)
        area = self._inside((left, top, int(max(xs) + spare) + 1, int(max(ys) + spare) + 1))
        if area is None:
            return
        width, height = area[2] - area[0], area[3] - area[1]
        scale = 4 if max(width, height) < 400 else 2
        if max(width, height) * scale > _MAX_MASK_SIDE or blur > 3:
            scale = 1
        mask = Image.new("L", (width * scale, height * scale))
        pen = ImageDraw.Draw(mask)
        for shape in shapes:
            draw(pen, [((x - area[0]) * scale, (y - area[1]) * scale) for x, y in shape], scale)
        if scale > 1:
            mask = mask.reduce(scale)
        if blur:
            mask = mask.filter(ImageFilter.GaussianBlur(blur))
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        if isinstance(paint[0], tuple):
            whole = ramp(paint, (1, max(2, int(max(ys) - min(ys)) + 1)))
            start = area[1] - int(min(ys))
            cover = whole.crop((0, start, 1, start + height)).resize((width, height))
            if start < 0:
                cover.paste(paint[0], (0, 0, width, -start))
            below = start + height - whole.height
            if below > 0:
                cover.paste(paint[1], (0, height - below, width, height))
            self.image.paste(cover, area[:2], mask)
        else:
            self.image.paste(paint, area, mask)


def _polygon(pen: ImageDraw.ImageDraw, points: list[Point], _scale: float) -> None:
    pen.polygon(points, fill=255)


def grained(image: Image.Image, random: Random, strength: float = 4.0) -> Image.Image:
    """A fine, even grain, which also keeps gradients from banding."""
    side = 512
    tile = Image.frombytes("L", (side, side), random.randbytes(side * side)).filter(
        ImageFilter.GaussianBlur(0.6)
    )
    tile = tile.point([round(128 + (value - 128) * strength / 64) for value in range(256)])
    noise = Image.new("L", image.size)
    for left in range(0, image.width, side):
        for top in range(0, image.height, side):
            noise.paste(tile, (left, top))
    layer = Image.merge("RGB", (noise, noise, noise))
    return ImageChops.add(image, layer, 1, -128)
