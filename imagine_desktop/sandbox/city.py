"""A skyline over water, with lit windows."""

from random import Random

from imagine_desktop.sandbox import heavens, things, water
from imagine_desktop.sandbox.canvas import Canvas, Point, box, darker, lighter, mix, rgb
from imagine_desktop.sandbox.light import Light
from imagine_desktop.sandbox.words import Brief


def city(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("city")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    shore = height * random.uniform(0.72, 0.8)
    sun = heavens.sky(canvas, brief, light, shore)
    is_lit = light.is_night or brief.light in ("dusk", "sunset", "storm")
    if is_lit:
        canvas.light(width * 0.5, shore, unit * 80, light.sky[-1], 0.45)
    for step, depth in enumerate((0.22, 0.42, 0.66, 0.9)):
        _skyline(
            canvas,
            random,
            light,
            shore,
            unit * (46 - 8 * step),
            depth=depth,
            is_lit=is_lit and step > 0,
            step=step,
        )
        if step < 3:
            things.mist(canvas, random, (shore - unit * 16, shore + unit * 5), light.haze, 0.5)
    water.reflect(canvas, random, light, shore, sun, calm=0.6)
    return height * 0.9


_LAMPS = ("ffd98a", "ffe9b8", "ffc56b", "bfe3ff")
_SIGNS = ("ff4fa3", "47e5ff", "a86bff", "ffb347")


def _skyline(
    canvas: Canvas,
    random: Random,
    light: Light,
    base: float,
    tall: float,
    *,
    depth: float,
    is_lit: bool,
    step: int,
) -> None:
    unit = canvas.unit
    colour = light.land(rgb("4b5878") if step % 2 else rgb("6b6478"), depth)
    windows: dict[str, list[list[Point]]] = {}
    towers: list[list[Point]] = []
    shades: list[list[Point]] = []
    x = -unit * 2.0
    while x < canvas.width:
        wide = unit * random.uniform(4.5, 9.5)
        middle = 1 - abs((x + wide / 2) / canvas.width - 0.5) * 1.1
        rise = tall * random.uniform(0.35, 1.0) * (0.45 + 0.75 * middle)
        top = base - rise
        towers.append(box(x, top, x + wide, base + 2))
        shades.append(box(x + wide * 0.62, top, x + wide, base + 2))
        crown = random.randrange(5)
        if crown == 0:
            towers.append([(x + wide * 0.2, top), (x + wide * 0.5, top - wide * 0.6), (x + wide * 0.8, top)])
        elif crown == 1:
            towers += [
                box(x + wide * 0.2, top - wide * 0.3, x + wide * 0.8, top),
                box(x + wide * 0.48, top - wide * 1.1, x + wide * 0.53, top),
            ]
        if is_lit or depth > 0.6:
            _windows(
                random,
                windows,
                (x, top, wide, base),
                unit,
                is_lit=is_lit,
                is_neon=light.sky[-1][0] > 240 and light.is_night,
            )
        x += wide * random.uniform(0.95, 1.35)
    canvas.fill(*towers, paint=(lighter(colour, 0.05), mix(colour, light.haze, 0.45)))
    canvas.fill(*shades, paint=darker(colour, 0.3), opacity=0.35)
    for lamp, panes in windows.items():
        paint = rgb(lamp) if is_lit else mix(colour, light.sky[1], 0.4)
        canvas.fill(*panes, paint=paint, opacity=0.35 + 0.6 * depth if is_lit else 0.6)


def _windows(
    random: Random,
    windows: dict[str, list[list[Point]]],
    tower: tuple[float, float, float, float],
    unit: float,
    *,
    is_lit: bool,
    is_neon: bool,
) -> None:
    x, top, wide, base = tower
    columns = max(2, round(wide / (unit * 1.5)))
    share = random.uniform(0.08, 0.42) if is_lit else 0.85
    y = top + unit * 1.2
    while y < base - unit * 1.5:
        for column in range(columns):
            if random.random() < share:
                left = x + wide * (column + 0.28) / columns
                pane = box(left, y, left + wide * 0.46 / columns, y + unit * 0.85)
                windows.setdefault(random.choice(_LAMPS + (_SIGNS if is_neon else ())), []).append(pane)
        y += unit * 1.7
    if is_neon and random.random() < 0.5:
        sign = box(x + wide * 0.12, top + unit * 3, x + wide * 0.26, top + unit * random.uniform(8, 14))
        windows.setdefault(random.choice(_SIGNS), []).append(sign)
