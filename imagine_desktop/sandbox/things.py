"""Single things: in the sky, on water, on land. An edit adds them to a picture, a scene places them."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin
from random import Random

from PIL import Image

from imagine_desktop.sandbox.canvas import (
    Canvas,
    Colour,
    Paint,
    Point,
    Spot,
    box,
    darker,
    fog,
    levels,
    lighter,
    mix,
    outline,
    oval,
    rgb,
    smooth,
)

Tint = Callable[[Colour], Colour]  # a thing's own colour in the light of the picture


def sun(canvas: Canvas, x: float, y: float, radius: float, colour: Colour, *, rays: float = 1.0) -> None:
    """A disc with a wide glow."""
    canvas.light(x, y, radius * 9, mix(colour, (255, 170, 90), 0.35), 0.42 * rays)
    canvas.light(x, y, radius * 3.6, colour, 0.6 * rays)
    canvas.fill(oval(x, y, radius, radius, steps=96), paint=(lighter(colour, 0.35), colour))


def moon(canvas: Canvas, x: float, y: float, radius: float, colour: Colour = (240, 242, 250)) -> None:
    """A full moon with its seas and a cool glow."""
    canvas.light(x, y, radius * 7, mix(colour, (90, 130, 220), 0.5), 0.4)
    canvas.light(x, y, radius * 2.6, colour, 0.35)
    canvas.fill(oval(x, y, radius, radius, steps=96), paint=(lighter(colour, 0.3), darker(colour, 0.1)))
    for across, down, size in ((-0.32, -0.25, 0.3), (0.28, 0.05, 0.22), (-0.1, 0.42, 0.2), (0.42, -0.42, 0.12)):
        spot = oval(x + across * radius, y + down * radius, size * radius, size * radius * 0.9)
        canvas.fill(spot, paint=darker(colour, 0.22), opacity=0.5, blur=radius * 0.03)


def stars(canvas: Canvas, random: Random, count: int, depth: float) -> None:
    """Stars in the upper `depth` (0..1) of the picture, thinning out downwards."""
    unit = canvas.unit
    small: list[list[Point]] = []
    for _ in range(count):
        x, y = random.uniform(0, canvas.width), canvas.height * depth * random.random() ** 1.35
        size = unit * random.choice((0.07, 0.09, 0.11, 0.16))
        small.append(oval(x, y, size, size, steps=8))
    third = len(small) // 3
    canvas.fill(*small[:third], paint=(255, 255, 255), opacity=0.9)
    canvas.fill(*small[third:], paint=(214, 226, 255), opacity=0.55)
    for _ in range(max(2, count // 40)):
        x, y = random.uniform(0, canvas.width), canvas.height * depth * random.random() ** 1.6
        canvas.light(x, y, unit * random.uniform(1.2, 2.2), (190, 210, 255), 0.8)
        canvas.fill(oval(x, y, unit * 0.2, unit * 0.2, steps=10), paint=(255, 255, 255))


def birds(canvas: Canvas, random: Random, at: Spot, colour: Colour, count: int = 7) -> None:
    """A loose flock, far away."""
    x, y, size = at.x, at.y, at.size
    for number in range(count):
        span = size * random.uniform(0.55, 1.0)
        left = x + size * (number - count / 2) * random.uniform(0.9, 1.5)
        top = y + size * random.uniform(-1.2, 1.2) + abs(number - count / 2) * size * 0.35
        beat = random.uniform(0.18, 0.4)
        wing = [(-0.5, -beat), (-0.28, -beat * 1.15), (0, 0), (0.28, -beat * 1.15), (0.5, -beat)]
        under = [(0.28, -beat * 0.75), (0, 0.13), (-0.28, -beat * 0.75)]
        canvas.fill(smooth(Spot(left, top, span)(wing + under)), paint=colour)


def cloud(canvas: Canvas, random: Random, at: Spot, paint: Paint, opacity: float = 0.9) -> None:
    """A flat-bottomed heap of cloud, as wide as `at` is large."""
    x, y, width = at.x, at.y, at.size
    puffs = []
    for number in range(7):
        share = number / 6
        radius = width * (0.07 + 0.12 * sin(pi * share)) * random.uniform(0.8, 1.2)
        puffs.append(oval(x + width * (share - 0.5) * 0.8, y - radius * 0.55, radius * 1.15, radius))
    puffs.append(oval(x, y, width * 0.5, width * 0.055))
    canvas.fill(*puffs, paint=paint, opacity=opacity, blur=width * 0.006)


def rainbow(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """A soft bow above (x, y)."""
    colours = ("e4574c", "ef9a4a", "f5d76a", "7cc57d", "5b9fd8", "8a6cc2")
    for number, colour in enumerate(colours):
        reach = radius * (1 - number * 0.032)
        arc = [
            (x + reach * cos(pi + pi * step / 90), y + reach * sin(pi + pi * step / 90)) for step in range(91)
        ]
        canvas.lines(arc, width=radius * 0.036, paint=rgb(colour), opacity=0.42, blur=radius * 0.009)


def pine(x: float, y: float, height: float, random: Random, *, tiers: int = 6) -> list[Point]:
    """The outline of a conifer that stands at `at`."""
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        top = -1 + tier * 0.9 / tiers
        reach = (0.035 + 0.24 * tier / tiers) * random.uniform(0.85, 1.15)
        left += [(-reach * 0.42, top + 0.3 / tiers), (-reach, top + 1.08 / tiers)]
        right += [(reach * 0.42, top + 0.3 / tiers), (reach, top + 1.08 / tiers)]
    trunk = outline("2.2,-6 2.2,1 -2.2,1 -2.2,-6")
    return Spot(x, y, height)([(0, -1.04), *right, *trunk, *reversed(left)])


def tree(canvas: Canvas, random: Random, at: Spot, leaf: Colour, bark: Colour) -> None:
    """A broad tree in full leaf, lit from the upper left."""
    trunk = outline("-3.5,0 -2.2,-40 -12,-58 -10,-60 0,-47 11,-62 13,-60")
    canvas.fill(at([*trunk, (0.022, -0.38), (0.04, 0)]), paint=(bark, darker(bark, 0.3)))
    puffs = [
        (0.0, -0.82, 0.2),
        (-0.19, -0.7, 0.17),
        (0.2, -0.7, 0.17),
        (-0.07, -0.62, 0.16),
        (0.12, -0.6, 0.15),
    ]
    for shift, colour in ((0.03, darker(leaf, 0.28)), (0.0, leaf), (-0.035, lighter(leaf, 0.2))):
        shapes = []
        for across, down, size in puffs:
            reach = size * (1.04 if shift > 0 else 1 - abs(shift) * 2) * (1.0 if shift >= 0 else 0.72)
            rough = [
                (a * random.uniform(0.9, 1.1), b * random.uniform(0.9, 1.1))
                for a, b in oval(0, 0, reach, reach, steps=14)
            ]
            shapes.append(at((a + across + shift, b + down + shift * 1.3) for a, b in smooth(rough, steps=5)))
        canvas.fill(*shapes, paint=colour)


def palm(canvas: Canvas, random: Random, at: Spot, colour: Colour) -> None:
    """A leaning palm."""
    lean = random.uniform(0.12, 0.22) * random.choice((-1, 1))
    bend = smooth([(0, 0), (lean * 0.35, -0.35), (lean * 0.8, -0.7), (lean, -1)], closed=False)
    back = [(a + 0.018, b) for a, b in reversed(bend)]
    canvas.fill(at([(a - 0.02, b) for a, b in bend] + back), paint=colour)
    for number in range(9):
        turn = pi * (-0.08 + 1.16 * number / 8) + random.uniform(-0.08, 0.08)
        tip = (lean + 0.42 * cos(turn), -1 - 0.22 * sin(turn) + 0.16 * abs(cos(turn)))
        middle = (lean + 0.24 * cos(turn), -1.04 - 0.24 * sin(turn))
        upper = smooth([(lean, -1), middle, tip], closed=False)
        lower = [(a, b + 0.055 * sin(pi * share / len(upper))) for share, (a, b) in enumerate(upper)]
        canvas.fill(at(upper + lower[::-1]), paint=colour)


def boat(canvas: Canvas, at: Spot, tint: Tint, hue: int = 0) -> None:
    """A small sailing boat on the water, with its reflection."""
    size = at.size
    hull = tint(rgb(("b5473c", "2f4f6f", "8a5a3a")[hue % 3]))
    sail, shade = tint(rgb("fbf4e6")), tint(rgb("e7d3bd"))
    canvas.fill(
        at(outline("-35,2 40,2 20,42 -18,42")),
        paint=sail,
        opacity=0.22,
        blur=size * 0.03,
    )
    canvas.fill(
        at(outline("-42,-13 46,-13 33,3 -30,3")),
        paint=(hull, darker(hull, 0.35)),
    )
    canvas.fill(at(box(-0.012, -1.08, 0.012, -0.12)), paint=tint(rgb("5b4636")))
    canvas.fill(
        at(smooth(outline("3,-102 3,-20 42,-20 30,-50"), steps=4)),
        paint=(sail, shade),
    )
    canvas.fill(at([(-0.03, -0.9), (-0.03, -0.2), (-0.34, -0.2)]), paint=(shade, sail))


def balloon(canvas: Canvas, at: Spot, tint: Tint, hue: int = 0) -> None:
    """A hot-air balloon whose envelope is centred there."""
    size = at.size
    first, second = (
        (rgb("e4573d"), rgb("f7e3b5")),
        (rgb("2f7f8f"), rgb("f6c65b")),
        (rgb("8c4a8f"), rgb("f2a65a")),
    )[hue % 3]
    bulb = smooth(outline("0,-50 30,-42 46,-12 36,20 10,55 -10,55 -36,20 -46,-12 -30,-42"))
    canvas.fill(at(bulb), paint=(tint(first), darker(tint(first), 0.25)))
    for centre, width in ((-0.62, 0.2), (0.0, 0.26), (0.62, 0.2)):
        stripe = [
            (a * width + centre * (0.72 if abs(b) < 0.3 else 0.5) * (0.62 - max(b, 0) * 0.85), b)
            for a, b in bulb
        ]
        canvas.fill(at(stripe), paint=(lighter(tint(second), 0.12), tint(second)), opacity=0.95)
    canvas.fill(
        at(outline("12,-44 30,-36 42,-10 34,18 16,45")),
        paint=(255, 255, 255),
        opacity=0.0,
    )
    for side in (-0.075, 0.075):
        canvas.lines(
            at([(side * 1.2, 0.54), (side * 0.9, 0.72)]),
            width=size * 0.01,
            paint=tint(rgb("4a3a2c")),
        )
    canvas.fill(
        at(outline("-8,71 8,71 6.5,84 -6.5,84")),
        paint=(tint(rgb("9a6a3d")), tint(rgb("6b4527"))),
    )


def house(canvas: Canvas, at: Spot, tint: Tint, *, lit: bool, snow: bool) -> None:
    """A small house with a warm window and a chimney."""
    x, y, size = at.x, at.y, at.size
    wall, roof = tint(rgb("e8d8bf")), tint(rgb("f2f6fa") if snow else rgb("a8483c"))
    canvas.fill(at(box(0.22, -0.98, 0.34, -0.6)), paint=tint(rgb("8a5546")))
    canvas.fill(at(outline("-50,-50 10,-50 10,0 -50,0")), paint=(lighter(wall, 0.2), wall))
    canvas.fill(
        at(outline("10,-50 50,-50 50,0 10,0")),
        paint=(darker(wall, 0.14), darker(wall, 0.24)),
    )
    canvas.fill(at([(-0.58, -0.46), (-0.2, -0.92), (0.1, -0.46)]), paint=lighter(wall, 0.1))
    canvas.fill(
        at(outline("-20,-96 30,-96 58,-46 10,-46")),
        paint=(roof, darker(roof, 0.15)),
    )
    canvas.lines(
        at([(-0.6, -0.44), (-0.2, -0.95), (0.1, -0.46)]),
        width=size * 0.05,
        paint=lighter(roof, 0.15),
    )
    glow = rgb("ffd98a") if lit else tint(rgb("7f9db0"))
    for window in (box(-0.4, -0.36, -0.24, -0.18), box(0.22, -0.36, 0.4, -0.18)):
        canvas.fill(at(window), paint=glow)
    canvas.fill(at(box(-0.14, -0.3, 0.01, 0)), paint=tint(rgb("6b4330")))
    if lit:
        canvas.light(x, y - size * 0.25, size * 0.9, rgb("ffb65c"), 0.5)


def lighthouse(canvas: Canvas, at: Spot, tint: Tint, *, lit: bool) -> None:
    """A striped lighthouse that stands at `at`."""
    x, y, size = at.x, at.y, at.size
    white, red = tint(rgb("f6efe4")), tint(rgb("c94a3f"))
    if lit:
        for tip in ((-2.6, -1.5), (2.6, -0.75)):
            beam = at([(0, -0.96), (tip[0], tip[1] - 0.28), (tip[0], tip[1] + 0.28)])
            canvas.fill(beam, paint=rgb("fff0c0"), opacity=0.22, blur=size * 0.05)
    edge = 0.13
    for band in range(5):
        low, high = -0.17 * band, -0.17 * (band + 1)
        a, b = edge - 0.01 * band, edge - 0.01 * (band + 1)
        colour = red if band % 2 else white
        canvas.fill(at([(-a, low), (a, low), (b, high), (-b, high)]), paint=colour)
        canvas.fill(
            at([(a * 0.25, low), (a, low), (b, high), (b * 0.25, high)]),
            paint=darker(colour, 0.2),
        )
    canvas.fill(at(box(-0.12, -0.89, 0.12, -0.85)), paint=tint(rgb("3a3f4c")))
    canvas.fill(at(box(-0.07, -1.0, 0.07, -0.89)), paint=rgb("ffe9a8") if lit else tint(rgb("bcd3dc")))
    canvas.fill(at([(-0.1, -1.0), (0, -1.13), (0.1, -1.0)]), paint=(red, darker(red, 0.3)))
    if lit:
        canvas.light(x, y - size * 0.945, size * 0.5, rgb("ffe6a0"), 0.9)


def car(canvas: Canvas, at: Spot, tint: Tint, hue: int = 0) -> None:
    """A small round car from the side, on the ground."""
    x, y, size = at.x, at.y, at.size
    coat = tint(rgb(("d9573f", "3f8f8b", "e5b53f", "4a6fa8")[hue % 4]))
    canvas.fill(oval(x, y, size * 0.62, size * 0.035), paint=(8, 10, 20), opacity=0.35, blur=size * 0.02)
    body = smooth(
        outline("-60,-10 -58,-26 -40,-31 -26,-48 10,-50 27,-31 52,-27 61,-18 60,-9"),
        steps=6,
    )
    canvas.fill(at(body), paint=(lighter(coat, 0.18), darker(coat, 0.2)))
    glass = tint(rgb("cfe6ec"))
    canvas.fill(
        at(outline("-33,-31 -23,-43.5 -7,-45 -7,-31")),
        paint=(lighter(glass, 0.3), glass),
    )
    canvas.fill(
        at(outline("-3.5,-31 -3.5,-45 8,-44.5 20,-31")),
        paint=(lighter(glass, 0.3), glass),
    )
    canvas.lines(at([(-0.57, -0.2), (0.6, -0.19)]), width=size * 0.012, paint=lighter(coat, 0.45))
    for wheel in (-0.34, 0.36):
        canvas.fill(oval(x + wheel * size, y - 0.1 * size, size * 0.12, size * 0.12), paint=rgb("1f222b"))
        canvas.fill(
            oval(x + wheel * size, y - 0.1 * size, size * 0.065, size * 0.065), paint=tint(rgb("d8d8d2"))
        )
    canvas.light(x + size * 0.6, y - size * 0.2, size * 0.16, rgb("fff1c4"), 0.9)


def castle(canvas: Canvas, at: Spot, tint: Tint, *, lit: bool) -> None:
    """A castle of several towers that stands at `at`."""
    stone, roof = tint(rgb("cdbfb0")), tint(rgb("56648f"))
    for left, right, top, spire in (
        (-0.5, -0.34, -0.55, -0.82),
        (-0.14, 0.12, -0.72, -1.1),
        (0.34, 0.5, -0.5, -0.76),
        (-0.32, -0.2, -0.4, -0.62),
        (0.18, 0.3, -0.46, -0.7),
    ):
        middle = (left + right) / 2
        canvas.fill(at(box(left, top, right, 0)), paint=(lighter(stone, 0.16), stone))
        canvas.fill(at(box(middle, top, right, 0)), paint=darker(stone, 0.16))
        canvas.fill(
            at([(left - 0.03, top), (middle, spire), (right + 0.03, top)]),
            paint=(lighter(roof, 0.1), darker(roof, 0.15)),
        )
        glow = rgb("ffd98a") if lit else tint(rgb("5d6377"))
        canvas.fill(at(box(middle - 0.018, top + 0.08, middle + 0.018, top + 0.17)), paint=glow)
    canvas.fill(at(box(-0.42, -0.3, 0.42, 0)), paint=(stone, darker(stone, 0.25)))
    canvas.fill(
        *(at(box(-0.42 + 0.12 * step, -0.35, -0.36 + 0.12 * step, -0.29)) for step in range(7)),
        paint=stone,
    )
    canvas.fill(
        at(smooth(outline("-7,0 -7,-14 0,-20 7,-14 7,0"), closed=False)),
        paint=darker(stone, 0.6),
    )


def rocket(canvas: Canvas, at: Spot, tint: Tint) -> None:
    """A rocket on its way up, centred there."""
    x, y, size = at.x, at.y, at.size
    for reach, colour in ((1.5, "ff8a3c"), (0.9, "ffd27a")):
        canvas.fill(
            at([(-0.09, 0.4), (0.09, 0.4), (0, 0.4 + reach * 0.6)]),
            paint=rgb(colour),
            opacity=0.85,
            blur=size * 0.02,
        )
    canvas.light(x, y + size * 0.55, size * 0.6, rgb("ff9a4a"), 0.7)
    coat, red = tint(rgb("f1eee8")), tint(rgb("d8503f"))
    canvas.fill(
        at(outline("-26,42 -13,5 13,5 26,42 10,36 -10,36")),
        paint=red,
    )
    hull = smooth(outline("0,-60 13,-30 15,10 10,40 -10,40 -15,10 -13,-30"))
    canvas.fill(at(hull), paint=coat)
    canvas.fill(
        at(smooth(outline("2,-58 13,-30 15,10 10,40 4,40"))),
        paint=darker(coat, 0.2),
    )
    canvas.fill(oval(x, y - 0.14 * size, 0.075 * size, 0.075 * size), paint=red)
    canvas.fill(oval(x, y - 0.14 * size, 0.052 * size, 0.052 * size), paint=tint(rgb("9fd3e6")))


def flowers(
    canvas: Canvas,
    random: Random,
    area: tuple[float, float, float, float],
    colours: Sequence[Colour],
    *,
    size: float,
    count: int,
) -> None:
    """Flower heads strewn over an area, small at its top and larger at its bottom."""
    heads: dict[int, list[list[Point]]] = {}
    for _ in range(count):
        share = random.random() ** 0.7
        x, y = random.uniform(area[0], area[2]), area[1] + (area[3] - area[1]) * share
        radius = size * (0.25 + 0.9 * share) * random.uniform(0.7, 1.2)
        heads.setdefault(random.randrange(len(colours)), []).append(oval(x, y, radius, radius * 0.72, steps=10))
    for number, shapes in heads.items():
        canvas.fill(*shapes, paint=colours[number], opacity=0.95)


def mist(canvas: Canvas, random: Random, band: tuple[float, float], colour: Colour, strength: float) -> None:
    """A bank of mist between two heights."""
    top, bottom = band
    height = max(4, round(bottom - top))
    small = (max(16, canvas.width // 6), max(8, height // 6))
    noise = levels(fog(small, random, 2, 4, 3.0), 70, 190, 255 * strength)
    edge = Image.new("L", (1, 9))
    edge.putdata([0, 60, 150, 225, 255, 225, 150, 60, 0])
    edges = edge.resize(small, Image.Resampling.BICUBIC)
    mask = Image.composite(noise, Image.new("L", small), edges).resize(
        (canvas.width, height), Image.Resampling.BICUBIC
    )
    canvas.veil(colour, mask, (0, round(top)))
