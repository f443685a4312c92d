"""Edits: what an instruction does to the pixels that it is given."""

import re
from collections.abc import Callable, Sequence
from random import Random

from PIL import Image, ImageEnhance, ImageOps

from imagine_desktop.sandbox import collage, styles, tones
from imagine_desktop.sandbox.styles import Picture

Effect = Callable[[Picture, Random], Picture]

UNKNOWN = "did not know this instruction"

# In the order in which they are applied: first what is in the picture, then its light, then how it is painted.
_EFFECTS: tuple[tuple[str, Effect], ...] = (
    (r"mirror|flip(?:ped)?|reverse", tones.mirrored),
    (r"crop|zoom(?: in)?|close[- ]?up|closer", tones.closer),
    (r"autumn|fall colou?rs|october", tones.autumn),
    (r"spring|blossoms?|bloom", tones.spring),
    (r"daylight|daytime|sunny|noon|brighter|brighten|lighter", tones.day),
    (r"golden(?: hour)?|warm light", tones.golden),
    (r"sunset|dusk|evening|twilight", tones.sunset),
    (r"sunrise|dawn|morning", tones.dawn),
    (r"night|midnight|moonlight|nighttime|moonlit", tones.night),
    (r"storm|stormy|thunder|dramatic|gloomy|moody", tones.storm),
    (r"snow|snowy|winter|snowing|frozen|christmas", tones.winter),
    (r"rain|rainy|raining", tones.rain),
    (r"fog|foggy|mist|misty|haze|hazy", tones.mist),
    (r"colou?rful|vivid|vibrant|saturated?", tones.vivid),
    (r"warmer|warm", tones.warmer),
    (r"cooler|colder|cold", tones.cooler),
    (r"darker|darken", tones.darker),
    (r"blur(?:red)?(?: the)? background|bokeh|depth of field|blur(?:red|ry)?", tones.blurred_background),
    (r"oil|oils|oil[- ]painting|painted|painting|rembrandt|renaissance|acrylic", styles.oil),
    (r"impressionis[tm]\w*|van gogh|monet|starry night style", styles.impression),
    (r"water[- ]?colou?rs?|aquarelle|gouache", styles.watercolour),
    (r"colou?red pencils?|crayons?", lambda image, random: styles.pencil(image, random, coloured=True)),
    (r"pencil|sketch|drawing|charcoal|graphite|ink|line[- ]art|engraving", styles.pencil),
    (r"pop[- ]art|warhol|lichtenstein|comic|comics", styles.pop),
    (r"anime|cartoon|manga|ghibli|flat|cel|vector|illustration|poster", styles.flat),
    (r"pixel(?:s|ated)?|8[- ]bit|16[- ]bit|pixel[- ]art", styles.pixels),
    (r"mosaic|tiles?|stained glass|cubis[tm]\w*", styles.mosaic),
    (r"neon|cyberpunk|synthwave|vaporwave|futuristic", styles.neon),
    (r"black[- ]and[- ]white|black & white|b&w|monochrome|grayscale|greyscale|noir", tones.black_and_white),
    (r"sepia|vintage|retro|old photo(?:graph)?|antique|film", tones.sepia),
    (r"vignette", tones.vignette),
    (r"invert(?:ed)?|negative", tones.negative),
)
_COMPILED = tuple((re.compile(rf"\b(?:{pattern})\b"), effect) for pattern, effect in _EFFECTS)


def edit(inputs: Sequence[Picture], prompt: str, size: tuple[int, int], index: int) -> tuple[Picture, str]:
    """The edited picture at `size`, and what the ribbon has to add; `index` tells variations apart."""
    random = Random(f"{index} {prompt}")  # noqa: S311  # pictures, not secrets
    text = prompt.lower()
    fitted = [ImageOps.fit(source, size, Image.Resampling.LANCZOS) for source in inputs]
    image, is_known = (collage.joined(fitted, text, random), True) if len(fitted) > 1 else (fitted[0], False)
    changed, rest = collage.changed(image, text, random)
    is_known = is_known or changed is not image
    image = changed
    for pattern, effect in _COMPILED:
        if pattern.search(rest):
            image = effect(image, random)
            is_known = True
    if not is_known:
        image = tones.graded(image, random)
    if index:
        image = _varied(image, random)
    return image, "" if is_known else UNKNOWN


def _varied(image: Picture, random: Random) -> Picture:
    """Another print of the same picture: a little other in colour, contrast and crop."""
    inset = random.uniform(0.004, 0.02)
    box = (
        image.width * inset,
        image.height * inset * 0.4,
        image.width * (1 - inset),
        image.height * (1 - inset * 1.6),
    )
    image = image.resize(image.size, Image.Resampling.LANCZOS, box=box)
    image = ImageEnhance.Color(image).enhance(random.uniform(0.84, 1.25))
    return ImageEnhance.Contrast(image).enhance(random.uniform(0.94, 1.14))
