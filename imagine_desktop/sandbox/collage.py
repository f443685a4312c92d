"""Several sources in one picture, and things put into a picture or taken out of it."""

import re
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

from imagine_desktop.sandbox import animals, things, words
from imagine_desktop.sandbox.canvas import Canvas, Colour, Paint, Point, Spot, lighter, mix, oval, rgb
from imagine_desktop.sandbox.styles import Picture

_ADDED = re.compile(r"\b(?:add|put|place|insert|include|with|draw|give)\b(.*)", re.DOTALL)
_REPLACED = re.compile(r"\b(?:replace|swap|change|turn)\b(.+?)\b(?:with|for|into|to|by)\b(.+)", re.DOTALL)
_REMOVED = re.compile(r"\b(?:remove|erase|delete|take (?:away|out)|without)\b(.*)", re.DOTALL)
_STYLE_OF = re.compile(
    r"style of\s*(?:the\s+)?(?:<image_(\d+)>|(second|third|first|other))?"
    r"|<image_(\d+)>(?:'s)? (?:style|colou?rs|palette)"
)
_SIDE_BY_SIDE = re.compile(
    r"side[- ]by[- ]side|next to each|beside|collage|diptych|triptych|grid|frames?\b|panels?"
)
_ANIMALS = {
    "cat": "cat kitten",
    "dog": "dog puppy",
    "fox": "fox",
    "rabbit": "rabbit bunny hare",
    "bear": "bear panda",
    "owl": "owl",
    "horse": "horse pony",
    "deer": "deer stag",
}


def joined(sources: Sequence[Picture], text: str, random: Random) -> Picture:
    """Several pictures of one size made into one."""
    style = _STYLE_OF.search(text)
    if style:
        named = style[1] or style[3]
        place = (
            int(named) if named else {"first": 0, "second": 1, "third": 2}.get(style[2] or "", len(sources) - 1)
        )
        place = min(place, len(sources) - 1)
        content = next(source for number, source in enumerate(sources) if number != place)
        return in_colours_of(content, sources[place])
    if _SIDE_BY_SIDE.search(text):
        return _framed(sources)
    return _merged(sources, random)


def in_colours_of(content: Picture, style: Picture) -> Picture:
    """`content` with the distribution of tones and colours that `style` has."""
    tables: list[int] = []
    for channel, model in zip(content.convert("YCbCr").split(), style.convert("YCbCr").split(), strict=True):
        tables += _matched(channel.histogram(), model.histogram())
    matched = content.convert("YCbCr").point(tables).convert("RGB")
    texture = ImageOps.autocontrast(style.convert("L").filter(ImageFilter.GaussianBlur(1.2)))
    return Image.blend(matched, ImageChops.soft_light(matched, texture.convert("RGB")), 0.3)


def _matched(own: list[int], wanted: list[int]) -> list[int]:
    """The table that gives a channel with one histogram another one."""
    table: list[int] = []
    target, seen, passed = 0, 0, wanted[0]
    scale = sum(wanted) / max(1, sum(own))
    for count in own:
        seen += count
        while passed < seen * scale and target < 255:
            target += 1
            passed += wanted[target]
        table.append(target)
    return table


def _framed(sources: Sequence[Picture]) -> Picture:
    """Side by side on one mount."""
    width, height = sources[0].size
    gap = round(min(width, height) * 0.025)
    mount = Image.new("RGB", (width, height), (244, 241, 234))
    each = (width - gap * (len(sources) + 1)) // len(sources)
    for number, source in enumerate(sources):
        panel = ImageOps.fit(source, (each, height - 2 * gap), Image.Resampling.LANCZOS)
        mount.paste(panel, (gap + number * (each + gap), gap))
    return mount


def _merged(sources: Sequence[Picture], random: Random) -> Picture:
    """One flowing into the next along soft slanting seams."""
    width, height = sources[0].size
    image = sources[0].copy()
    lean = width * random.uniform(0.06, 0.14) * random.choice((-1, 1))
    for number, source in enumerate(sources[1:], 1):
        seam = width * number / len(sources)
        mask = Image.new("L", (width, height))
        canvas = Canvas(mask.convert("RGB"))
        canvas.fill(
            [(seam + lean, -9), (width + 9, -9), (width + 9, height + 9), (seam - lean, height + 9)],
            paint=(255, 255, 255),
        )
        mask = canvas.image.convert("L").filter(ImageFilter.GaussianBlur(width / 14))
        toned = Image.blend(source, in_colours_of(source, image), 0.25)
        image = Image.composite(toned, image, mask)
    return image


def changed(image: Picture, text: str, random: Random) -> tuple[Picture, str]:
    """The picture with what the instruction adds, replaces or removes, and the text that is left to obey.

    The same picture comes back where the text asks for none of this, or for a thing that cannot be drawn.
    """
    replaced = _REPLACED.search(text)
    if replaced and _named(replaced[2]):
        canvas = Canvas(_healed(image))
        _draw(canvas, _named(replaced[2]), replaced[2], random, in_the_middle=True)
        return canvas.image, text
    removed = _REMOVED.search(text)
    if removed:
        return _healed(image), text[: removed.start()]
    added = _ADDED.search(text)
    if added and _named(added[1]):
        canvas = Canvas(image.copy())
        for name in _named(added[1]):
            _draw(canvas, [name], added[1], random, in_the_middle=False)
        return canvas.image, text
    return image, text


def _healed(image: Picture) -> Picture:
    """The middle bridged from its left to its right side, so that horizon and ground run on."""
    unit = min(image.size) / 100
    middle, reach = image.width / 2, unit * 34
    left, right = round(middle - reach), round(middle + reach)
    strip = max(2, round(unit * 8))
    ends = Image.new("RGB", (2, image.height))
    for place, start in ((0, max(0, left - strip)), (1, min(image.width - strip, right))):
        ends.paste(
            image.resize((1, image.height), Image.Resampling.BOX, box=(start, 0, start + strip, image.height)),
            (place, 0),
        )
    bridge = image.copy()
    bridge.paste(ends.resize((right - left, image.height), Image.Resampling.BICUBIC), (left, 0))
    mask = Canvas(Image.new("RGB", image.size))
    mask.fill(oval(middle, image.height * 0.64, unit * 30, unit * 35), paint=(255, 255, 255))
    soft = mask.image.convert("L").filter(ImageFilter.GaussianBlur(unit * 4))
    return Image.composite(bridge, image, soft)


_THINGS = {
    "moon": "moon",
    "sun": "sun",
    "birds": "birds bird seagulls gulls flock",
    "balloon": "balloon balloons",
    "boat": "boat sailboat ship boats",
    "tree": "tree trees oak",
    "pine": "pine pines fir spruce",
    "stars": "stars",
    "rainbow": "rainbow",
    "clouds": "cloud clouds",
    "flowers": "flower flowers roses tulips",
    "house": "house cottage cabin hut home",
    "lighthouse": "lighthouse",
    "castle": "castle palace",
    "car": "car cars",
    "rocket": "rocket spaceship",
} | _ANIMALS


def _named(text: str) -> list[str]:
    """The things in a text that can be drawn, in its order."""
    found = re.findall(r"[a-z]+", text)
    names = [name for word in found for name, members in _THINGS.items() if word in members.split()]
    return list(dict.fromkeys(names))


def _draw(canvas: Canvas, names: list[str], text: str, random: Random, *, in_the_middle: bool) -> None:
    """Draw a thing where it belongs: in the air above, or on the ground in front."""
    unit, width, height = canvas.unit, canvas.width, canvas.height
    average = _average(canvas.image)

    def tint(colour: Colour) -> Colour:
        return mix(colour, average, 0.14)

    side = random.choice((0.2, 0.28, 0.72, 0.8))
    if "left" in text:
        side = 0.22
    elif "right" in text:
        side = 0.78
    x = width * (0.5 if in_the_middle or "middle" in text or "centre" in text or "center" in text else side)
    above, foot = height * random.uniform(0.17, 0.26), height * random.uniform(0.84, 0.89)
    name = names[0]
    hue = words.hue(re.findall(r"[a-z]+", text), name, random.randrange(12))
    if name in _ANIMALS:
        animals.draw(canvas, name, Spot(x, foot, unit * (50 if in_the_middle else 34)), tint, hue)
    elif name in ("moon", "sun", "birds", "stars", "rainbow", "clouds", "balloon", "rocket"):
        _draw_above(canvas, name, (x, above), random, tint)
    elif name == "boat":
        things.boat(canvas, Spot(x, height * 0.76, unit * 26), tint, hue)
    elif name == "car":
        things.car(canvas, Spot(x, foot, unit * 44), tint, hue)
    elif name == "house":
        things.house(canvas, Spot(x, foot, unit * 32), tint, lit=sum(average) < 300, snow=False)
    elif name == "castle":
        things.castle(canvas, Spot(x, height * 0.72, unit * 42), tint, lit=sum(average) < 300)
    elif name == "lighthouse":
        things.lighthouse(canvas, Spot(x, height * 0.8, unit * 54), tint, lit=sum(average) < 330)
    else:
        _draw_plants(canvas, name, (x, foot), random, tint)


def _draw_above(canvas: Canvas, name: str, place: Point, random: Random, tint: things.Tint) -> None:
    (x, y), unit = place, canvas.unit
    if name == "moon":
        things.moon(canvas, x, y, unit * 8)
    elif name == "sun":
        things.sun(canvas, x, y, unit * 8, (255, 226, 150))
    elif name == "birds":
        things.birds(canvas, random, Spot(x, y, unit * 6), (32, 34, 46), 9)
    elif name == "stars":
        things.stars(canvas, random, 340, 0.55)
    elif name == "rainbow":
        things.rainbow(
            canvas, canvas.width * 0.5, canvas.height * 0.72, min(canvas.width * 0.46, canvas.height * 0.62)
        )
    elif name == "clouds":
        paint: Paint = ((255, 255, 255), lighter(_average(canvas.image), 0.6))
        for across in (0.2, 0.52, 0.82):
            centre = canvas.width * (across + random.uniform(-0.06, 0.06)), y * random.uniform(0.7, 1.4)
            things.cloud(canvas, random, Spot(*centre, unit * random.uniform(24, 38)), paint)
    elif name == "balloon":
        things.balloon(canvas, Spot(x, y + unit * 8, unit * 28), tint, random.randrange(3))
        things.balloon(canvas, Spot(canvas.width - x, y, unit * 12), tint, random.randrange(3))
    else:
        things.rocket(canvas, Spot(x, y + unit * 12, unit * 34), tint)


def _draw_plants(canvas: Canvas, name: str, place: Point, random: Random, tint: things.Tint) -> None:
    (x, foot), unit = place, canvas.unit
    if name == "flowers":
        colours = [tint(rgb(colour)) for colour in ("e2574c", "f2b134", "f5e6e0", "b06ab3")]
        area = (0.0, canvas.height * 0.74, float(canvas.width), canvas.height + unit)
        things.flowers(canvas, random, area, colours, size=unit * 1.3, count=420)
    elif name == "pine":
        for across, tall in ((0.0, 48), (0.12, 34), (-0.1, 38)):
            shape = things.pine(x + across * canvas.width, foot, unit * tall, random)
            canvas.fill(shape, paint=(tint(rgb("3d6f58")), tint(rgb("1d3f38"))))
    else:
        things.tree(canvas, random, Spot(x, foot, unit * 52), tint(rgb("5d9150")), tint(rgb("5a4033")))


def _average(image: Picture) -> Colour:
    red, green, blue = ImageStat.Stat(image.resize((32, 32), Image.Resampling.BOX)).mean
    return round(red), round(green), round(blue)
