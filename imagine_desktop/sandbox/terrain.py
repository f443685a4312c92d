"""Land: ridges, hills, peaks with snow, rows of conifers, grass."""

from itertools import pairwise
from random import Random

from imagine_desktop.sandbox import things
from imagine_desktop.sandbox.canvas import Canvas, Colour, Point, darker, lighter, mix, smooth
from imagine_desktop.sandbox.light import BLOOM, GRASS, PINE, ROCK, SNOW, Light


def ridge(
    random: Random, width: int, base: float, height: float, *, rough: float = 0.55, detail: int = 7
) -> list[Point]:
    """A mountainous line by midpoint displacement, from edge to edge, around `base - height / 2`."""
    line = [
        random.uniform(0.1, 0.5),
        random.uniform(0.5, 1.0),
        random.uniform(0.1, 0.6),
        random.uniform(0.4, 1.0),
        random.uniform(0.1, 0.5),
    ]
    step = rough * 0.55
    for _ in range(detail):
        finer: list[float] = []
        for a, b in pairwise(line):
            finer += [a, (a + b) / 2 + random.uniform(-step, step)]
        line = [*finer, line[-1]]
        step *= rough
    last = len(line) - 1
    return [
        (-2 + (width + 4) * place / last, base - height * max(value, 0)) for place, value in enumerate(line)
    ]


def hill(random: Random, width: int, base: float, height: float, waves: int = 3) -> list[Point]:
    """A rolling line from edge to edge."""
    marks = [
        (-0.1 * width + 1.2 * width * n / (waves * 2), base - height * random.uniform(0, 1))
        for n in range(waves * 2 + 1)
    ]
    return smooth(marks, closed=False, steps=14)


def ground(canvas: Canvas, line: list[Point], above: Colour, below: Colour) -> None:
    """Everything below a line."""
    canvas.fill([*line, (canvas.width + 5, canvas.height + 5), (-5, canvas.height + 5)], paint=(above, below))


def peaks(
    canvas: Canvas, random: Random, light: Light, line: list[Point], depth: float, *, snow: float
) -> None:
    """A range of mountains with a lit and a shaded side, and snow above."""
    rock = light.land(ROCK, depth)
    foot = max(y for _, y in line) + canvas.unit * 6
    canvas.fill(
        [*line, (canvas.width + 5, foot), (-5, foot)], paint=(lighter(rock, 0.12), mix(rock, light.haze, 0.7))
    )
    tops = [n for n in range(8, len(line) - 8) if line[n][1] == min(y for _, y in line[n - 8 : n + 9])]
    lit = mix(lighter(SNOW, 0.1), light.sun, 0.35) if not light.is_night else mix(SNOW, light.sky[-2], 0.45)
    for top in tops:
        x, y = line[top]
        reach = foot - y
        edge = [(x, y)]
        for step in range(1, 9):
            edge.append((x + reach * (0.05 * step + random.uniform(-0.055, 0.055)), y + reach * step / 8))
        right = [point for point in line[top:] if point[0] < x + reach * 1.1]
        canvas.fill(
            [*edge, (x + reach * 1.1, foot), *reversed(right)],
            paint=(darker(rock, 0.26), mix(rock, light.haze, 0.6)),
            opacity=0.72,
        )
        if snow:
            _cap(
                canvas,
                random,
                line,
                top,
                depth=reach * snow * random.uniform(0.75, 1.2),
                colours=(lit, mix(lit, light.sky[0], 0.35)),
            )


def _cap(
    canvas: Canvas, random: Random, line: list[Point], top: int, *, depth: float, colours: tuple[Colour, Colour]
) -> None:
    """Snow on the peak at `line[top]`, in a colour for its lit and one for its shaded side."""
    x, y = line[top]
    left, right = top, top
    while left > 0 and line[left][1] < y + depth and x - line[left][0] < depth * 1.6:
        left -= 1
    while right < len(line) - 1 and line[right][1] < y + depth and line[right][0] - x < depth * 1.6:
        right += 1
    for start, stop, colour in ((left, top, colours[0]), (top, right, colours[1])):
        if stop - start < 2:
            continue
        upper = line[start : stop + 1]
        lower = []
        for step in range(9):
            share = step / 8
            across = upper[-1][0] + (upper[0][0] - upper[-1][0]) * share
            nearness = 1 - abs(across - x) / max(abs(line[right][0] - line[left][0]), 1)
            drip = depth * (0.35 + 0.4 * (step % 2)) * nearness * random.uniform(0.6, 1.1)
            level = min(upper, key=lambda point: abs(point[0] - across))[1]
            lower.append((across, level + drip))
        canvas.fill([*upper, *lower], paint=colour, opacity=0.93)


def pines(
    canvas: Canvas,
    random: Random,
    light: Light,
    line: list[Point],
    height: float,
    *,
    depth: float,
    gap: float = 0.24,
    snow: bool = False,
) -> None:
    """A row of conifers along a line."""
    colour = light.land(mix(PINE, SNOW, 0.35) if snow else PINE, depth)
    shapes = []
    x = -height * 0.2
    while x < canvas.width + height * 0.2:
        place = min(max(round((x / canvas.width) * (len(line) - 1)), 0), len(line) - 1)
        shapes.append(
            things.pine(x, line[place][1] + height * 0.08, height * random.uniform(0.55, 1.2), random)
        )
        x += height * gap * random.uniform(0.5, 1.6)
    canvas.fill(*shapes, paint=(lighter(colour, 0.06), darker(colour, 0.12)))


def grass(canvas: Canvas, random: Random, light: Light, top: float, *, flowers: bool) -> None:
    """Blades of grass, with flowers between them."""
    unit = canvas.unit
    blades = []
    for _ in range(round(canvas.width / unit * 2.6)):
        x, y = random.uniform(-5, canvas.width + 5), random.uniform(top + unit * 4, canvas.height + unit * 4)
        tall, lean = unit * random.uniform(3, 7), unit * random.uniform(-1.6, 1.6)
        blades.append([(x - unit * 0.22, y), (x + lean, y - tall), (x + unit * 0.22, y)])
    canvas.fill(*blades, paint=light.land(mix(GRASS, PINE, 0.45), 0.95), opacity=0.75)
    if flowers:
        colours = [light.thing(colour) for colour in random.sample(BLOOM, 3)]
        area = (0.0, top, float(canvas.width), canvas.height + unit)
        things.flowers(canvas, random, area, colours, size=unit * 0.75, count=round(canvas.width / unit * 1.3))
