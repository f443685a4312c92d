"""Ways of painting: each redraws the picture that it is given."""

from math import atan2, cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from imagine_desktop.sandbox.canvas import Colour, fog, levels, mix, rgb

Picture = Image.Image


def oil(image: Picture, random: Random) -> Picture:
    """Brush strokes along the contours, from broad to fine, with the relief of thick paint."""
    vivid = ImageEnhance.Color(image).enhance(1.35)
    unit = min(image.size) / 100
    painted = vivid.filter(ImageFilter.GaussianBlur(unit * 2))
    for width, fineness in ((2.6, 0.0), (1.3, 7.0), (0.7, 8.0), (0.42, 9.0)):
        _strokes(painted, vivid, random, width=width * unit, fineness=fineness)
    relief = painted.convert("L").filter(ImageFilter.Kernel((3, 3), (-1, -1, 0, -1, 0, 1, 0, 1, 1), 1.6, 128))
    return _overlaid(painted, relief, 0.75)


def impression(image: Picture, random: Random) -> Picture:
    """Short thick dabs in swirls, in stronger colours."""
    vivid = ImageEnhance.Color(image).enhance(1.7)
    unit = min(image.size) / 100
    painted = vivid.filter(ImageFilter.GaussianBlur(unit * 2))
    for width, fineness in ((2.2, 0.0), (1.3, 0.0), (0.7, 9.0)):
        _strokes(painted, vivid, random, width=width * unit, fineness=fineness, swirl=1.0, spread=26)
    relief = painted.convert("L").filter(ImageFilter.Kernel((3, 3), (-1, -1, 0, -1, 0, 1, 0, 1, 1), 1.3, 128))
    return _overlaid(painted, relief, 0.8)


def _strokes(
    painted: Picture,
    source: Picture,
    random: Random,
    *,
    width: float,
    fineness: float,
    swirl: float = 0.0,
    spread: int = 14,
) -> None:
    """Lay strokes over `painted`, where it still differs from the source by more than `fineness`."""
    soft = source.filter(ImageFilter.GaussianBlur(width * 0.35))
    scale = max(1, round(width))
    size = (max(3, image_side(source.width, scale)), max(3, image_side(source.height, scale)))
    small = soft.resize(size, Image.Resampling.BOX)
    grey = small.convert("L").filter(ImageFilter.GaussianBlur(1.5))
    across = grey.filter(ImageFilter.Kernel((3, 3), (-1, 0, 1, -2, 0, 2, -1, 0, 1), 4, 128)).tobytes()
    down = grey.filter(ImageFilter.Kernel((3, 3), (-1, -2, -1, 0, 0, 0, 1, 2, 1), 4, 128)).tobytes()
    missing = ImageChops.difference(small, painted.resize(size, Image.Resampling.BOX)).convert("L").tobytes()
    colours = small.tobytes()
    flow = fog(size, random, 2, 2).tobytes() if swirl else b""
    places = [place for place in range(size[0] * size[1]) if missing[place] >= fineness]
    random.shuffle(places)
    draw = ImageDraw.Draw(painted)
    for place in places:
        x, y = (place % size[0] + random.random()) * scale, (place // size[0] + random.random()) * scale
        dx, dy = across[place] - 128, down[place] - 128
        turn = atan2(dy, dx) + pi / 2 if dx * dx + dy * dy > 12 else (flow[place] / 40 if swirl else 0.3)
        turn += random.uniform(-0.25, 0.25)
        reach = width * random.uniform(1.2, 2.6)
        red, green, blue = colours[place * 3 : place * 3 + 3]
        shift = random.randint(-spread, spread)
        colour = (
            min(255, max(0, red + shift)),
            min(255, max(0, green + shift)),
            min(255, max(0, blue + shift)),
        )
        a, b = cos(turn) * reach, sin(turn) * reach
        draw.line((x - a, y - b, x + a, y + b), fill=colour, width=max(2, round(width)))


def image_side(side: int, scale: int) -> int:
    """How many cells of `scale` pixels cover a side."""
    return -(-side // scale)


def _reduced(image: Picture) -> Picture:
    """Small enough for the slow filters, which lose no detail that a brush would keep."""
    share = min(0.5, 560 / min(image.size))
    return image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.BOX)


def watercolour(image: Picture, random: Random) -> Picture:
    """Pale washes with darker rims, on rough paper that shows at the edges."""
    half = _reduced(image)
    wash = half.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MedianFilter(5))
    pools = wash.quantize(18).convert("RGB").filter(ImageFilter.MedianFilter(5))
    wash = Image.blend(wash, pools, 0.55).resize(image.size, Image.Resampling.BICUBIC)
    wash = ImageEnhance.Color(wash).enhance(1.25)
    wash = ImageChops.screen(wash, Image.new("RGB", image.size, (40, 39, 37)))
    rims = _contours(wash.convert("L").filter(ImageFilter.GaussianBlur(2)))
    wash = ImageChops.multiply(wash, ImageOps.invert(levels(rims, 3, 26, 130)).convert("RGB"))
    blooms = levels(fog((image.width // 4, image.height // 4), random, 4, 5), 90, 210, 70)
    paper = Image.new("RGB", image.size, (252, 249, 242))
    wash = Image.composite(paper, wash, blooms.resize(image.size, Image.Resampling.BICUBIC))
    rough = fog(image.size, random, 60, 2)
    edge = _vignette(image.size, 0.035, rough)
    washed = Image.composite(wash, paper, edge)
    return _overlaid(washed, levels(rough, 0, 255, 255), 0.22)


def _vignette(size: tuple[int, int], margin: float, rough: Picture) -> Picture:
    """A mask with ragged edges: 255 inside."""
    inset = round(min(size) * margin)
    mask = Image.new("L", size)
    mask.paste(255, (inset, inset, size[0] - inset, size[1] - inset))
    mask = mask.filter(ImageFilter.GaussianBlur(inset * 0.6))
    return levels(Image.blend(mask, rough, 0.35), 88, 130)


def pencil(image: Picture, random: Random, *, coloured: bool = False) -> Picture:
    """Graphite lines and hatching on paper."""
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    unit = min(image.size) / 100
    lines = Image.new("L", image.size, 255)
    for reach, gain in ((unit * 0.35, 5.0), (unit * 1.1, 2.4)):
        rise = ImageChops.subtract(grey.filter(ImageFilter.GaussianBlur(reach)), grey)
        lines = ImageChops.multiply(lines, rise.point([max(0, 255 - round(v * gain)) for v in range(256)]))
    for turn, limit in ((38, 165), (-42, 105), (12, 60)):
        dark = grey.point([min(255, max(0, (limit - v) * 4)) for v in range(256)])
        hatch = _hatching(image.size, random, turn)
        lines = ImageChops.multiply(lines, ImageOps.invert(ImageChops.multiply(dark, hatch)))
    shade = grey.point([215 + v * 40 // 255 for v in range(256)])
    lines = ImageChops.multiply(lines, shade)
    if coloured:
        paper = ImageChops.screen(
            ImageEnhance.Color(image).enhance(1.3), Image.new("RGB", image.size, (96, 96, 96))
        )
        return ImageChops.multiply(paper, lines.convert("RGB"))
    return ImageOps.colorize(lines, (38, 38, 44), (250, 247, 240))


def _hatching(size: tuple[int, int], random: Random, turn: int) -> Picture:
    """Parallel strokes at an angle, as a mask."""
    side = round((size[0] ** 2 + size[1] ** 2) ** 0.5) + 4
    rows = side // 3
    cells = max(8, side // 90)
    strokes = Image.frombytes("L", (cells, rows), random.randbytes(cells * rows)).resize(
        (side, side), Image.Resampling.BILINEAR
    )
    turned = levels(strokes, 110, 200, 175).rotate(turn, Image.Resampling.BILINEAR)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))


def _outlines(image: Picture, low: int = 16, high: int = 60) -> Picture:
    """Dark lines along the contours, as a mask."""
    calm = image.convert("L").filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.GaussianBlur(1))
    return levels(_contours(calm), low, high).filter(ImageFilter.MaxFilter(3))


def _contours(grey: Picture) -> Picture:
    """Where tones change; not at the picture's rim, which the filter takes for a contour."""
    found = grey.filter(ImageFilter.FIND_EDGES)
    rim = Image.new("L", grey.size)
    rim.paste(found.crop((3, 3, grey.width - 3, grey.height - 3)), (3, 3))
    return rim


def flat(image: Picture, random: Random) -> Picture:
    """Few clear colours, clean outlines, a soft bloom: as in an animated film."""
    half = _reduced(image)
    calm = half.filter(ImageFilter.MedianFilter(7)).filter(ImageFilter.MedianFilter(5))
    cels = ImageEnhance.Color(calm).enhance(1.45).quantize(random.choice((16, 18, 20)), kmeans=1).convert("RGB")
    cels = cels.filter(ImageFilter.MedianFilter(5)).resize(image.size, Image.Resampling.LANCZOS)
    cels.paste((36, 28, 52), (0, 0), levels(_outlines(cels, 10, 44), 0, 255, 210))
    bloom = cels.filter(ImageFilter.GaussianBlur(min(image.size) / 45))
    return ImageEnhance.Brightness(Image.blend(cels, ImageChops.screen(cels, bloom), 0.28)).enhance(1.02)


_INKS = (
    ("1b1b3a", "e5383b", "ffca3a", "fff3d6"),
    ("240046", "f72585", "4cc9f0", "fdfcdc"),
    ("10002b", "ff6d00", "00b4d8", "ffee93"),
    ("1d3557", "e63946", "8ac926", "fdf0d5"),
)


def pop(image: Picture, random: Random) -> Picture:
    """Four loud inks, dots in the half-tones, black contours."""
    grey = ImageOps.autocontrast(image.convert("L").filter(ImageFilter.MedianFilter(5)), cutoff=2)
    inks = [rgb(ink) for ink in random.choice(_INKS)]
    plain = _stepped(grey, inks, (62, 124, 186))
    lighter_half = _stepped(grey, [inks[1], inks[2], inks[3], inks[3]], (62, 124, 186))
    cell = max(6, round(min(image.size) / 90))
    dot = Image.radial_gradient("L").resize((cell, cell), Image.Resampling.BICUBIC)
    screen = Image.new("L", image.size)
    row = Image.new("L", (image.width + cell, cell))
    for left in range(0, image.width + cell, cell):
        row.paste(dot, (left, 0))
    for number, top in enumerate(range(0, image.height, cell)):
        screen.paste(row, (-(cell // 2) * (number % 2), top))
    within = grey.point([round((v % 62) * 4.1) for v in range(256)])
    dots = ImageChops.subtract(
        within, screen.point([v * 3 // 2 if v < 170 else 255 for v in range(256)])
    ).point([255 if v > 8 else 0 for v in range(256)])
    printed = Image.composite(lighter_half, plain, dots.filter(ImageFilter.GaussianBlur(0.7)))
    printed.paste((16, 14, 24), (0, 0), _outlines(image, 18, 56))
    return printed


def _stepped(grey: Picture, inks: list[Colour], steps: tuple[int, ...]) -> Picture:
    """Each of the tones between the steps in one ink."""
    tables: list[int] = []
    for channel in range(3):
        tables += [inks[sum(value >= step for step in steps)][channel] for value in range(256)]
    return grey.convert("RGB").point(tables)


def pixels(image: Picture, random: Random) -> Picture:
    """Large square pixels in few colours."""
    cell = max(4, round(min(image.size) / random.choice((84, 96, 108))))
    small = image.resize((image_side(image.width, cell), image_side(image.height, cell)), Image.Resampling.BOX)
    small = ImageEnhance.Color(ImageEnhance.Contrast(small).enhance(1.15)).enhance(1.35)
    few = small.quantize(28, kmeans=2, dither=Image.Dither.NONE).convert("RGB")
    return few.resize((few.width * cell, few.height * cell), Image.Resampling.NEAREST).crop((0, 0, *image.size))


def mosaic(image: Picture, random: Random) -> Picture:
    """Small uneven tiles in mortar."""
    unit = min(image.size) / 100
    cell = max(6, round(unit * 1.6))
    size = (image_side(image.width, cell) + 1, image_side(image.height, cell) + 1)
    small = ImageEnhance.Color(image).enhance(1.3).resize(size, Image.Resampling.BOX)
    colours = small.tobytes()
    mortar = ImageEnhance.Brightness(image.filter(ImageFilter.GaussianBlur(unit))).enhance(0.62)
    tiled = mortar.resize((image.width * 2, image.height * 2))
    draw = ImageDraw.Draw(tiled)
    for place in range(size[0] * size[1]):
        left, top = place % size[0] * cell * 2 - cell * (place // size[0] % 2), place // size[0] * cell * 2
        red, green, blue = colours[place * 3 : place * 3 + 3]
        tone = mix(
            (red, green, blue), (255, 255, 255) if random.random() < 0.5 else (0, 0, 0), random.random() * 0.16
        )
        corner = cell * 2 - 3
        offsets = [random.uniform(0, cell * 0.16) for _ in range(8)]
        shape = [
            (left + offsets[0] + 1, top + offsets[1] + 1),
            (left + corner - offsets[2], top + offsets[3] + 1),
            (left + corner - offsets[4], top + corner - offsets[5]),
            (left + offsets[6] + 1, top + corner - offsets[7]),
        ]
        draw.polygon(shape, fill=tone)
        draw.line([shape[3], shape[0], shape[1]], fill=mix(tone, (255, 255, 255), 0.35), width=2)
    return tiled.reduce(2)


def neon(image: Picture, random: Random) -> Picture:
    """A dark city night: contours glow in cyan and magenta."""
    dark = ImageOps.colorize(image.convert("L"), (6, 4, 26), (228, 120, 235), (44, 20, 104), 0, 255, 140)
    base = Image.blend(dark, ImageEnhance.Brightness(image).enhance(0.5), 0.32)
    lines = levels(_contours(image.convert("L").filter(ImageFilter.GaussianBlur(1.4))), 10, 60)
    first, second = random.choice(
        (((0, 240, 255), (255, 40, 190)), ((255, 60, 160), (120, 90, 255)), ((60, 255, 200), (255, 80, 220)))
    )
    across = Image.linear_gradient("L").rotate(random.choice((0, 90, 180))).resize(image.size)
    glowing = ImageChops.multiply(ImageOps.colorize(across, first, second), lines.convert("RGB"))
    unit = min(image.size) / 100
    for reach in (0.0, unit * 0.7, unit * 2.4):
        layer = glowing.filter(ImageFilter.GaussianBlur(reach)) if reach else glowing
        base = ImageChops.screen(base, ImageEnhance.Brightness(layer).enhance(1.0 + reach / unit))
    return base


def _overlaid(image: Picture, relief: Picture, share: float) -> Picture:
    """Light and shade of a grey relief laid over a picture."""
    return Image.blend(image, ImageChops.overlay(image, relief.convert("RGB")), share)
