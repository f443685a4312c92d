"""Times of day: the colours of sky, haze and shade, and where the sun stands."""

from dataclasses import dataclass
from random import Random

from imagine_desktop.sandbox.canvas import Colour, darker, lighter, mix, rgb
from imagine_desktop.sandbox.words import Brief


@dataclass(frozen=True, slots=True)
class Light:
    """The colours that everything in a picture shares. `sky` runs from above to the horizon."""

    sky: tuple[Colour, ...]
    sun: Colour
    shade: Colour  # of what stands nearest
    sun_height: float  # 0 on the horizon, 1 at the top
    is_night: bool = False

    @property
    def haze(self) -> Colour:
        """What distance turns everything into."""
        return mix(self.sky[-1], self.sky[-2], 0.35)

    def land(self, own: Colour, depth: float) -> Colour:
        """A thing's own colour in this light, from 0 (far, all haze) to 1 (near, deep)."""
        lit = mix(own, self.shade, 0.7 if self.is_night else 0.3)
        return mix(mix(self.haze, self.sky[-2], 0.3), lit, depth)

    def thing(self, own: Colour) -> Colour:
        """The colour of a thing in the foreground that is to keep its own."""
        return mix(mix(own, self.shade, 0.32 if self.is_night else 0.06), self.sun, 0.1)


_LIGHTS = {
    "day": [
        ("1f6fb2 5aa5d8 a8d5e8 eef1e4", "fff6d8", "123f47", 0.72),
        ("2a93ab 79c4cb c9e6db fbf1d8", "fff4cf", "16464a", 0.7),
        ("3b78c2 86b6e3 c7def0 f9ead9", "fff2d0", "1d3b56", 0.75),
    ],
    "dawn": [
        ("54689f a093c2 efb3b3 fde2c2", "ffe9c9", "2a3458", 0.16),
        ("3c7b98 97c0bf f5d5b3 fdeed4", "fff0cf", "1d4152", 0.2),
        ("6a6fa8 c39cc0 f7bfae fee8c8", "fff0d0", "352f55", 0.18),
    ],
    "golden": [
        ("4f86a0 b9bb9d f3c469 fbe4a8", "fff0b8", "3a2a22", 0.34),
        ("7b6a6a cf8f56 f4b95c fce2ac", "fff1bd", "40241c", 0.28),
        ("668f8a c6bd86 f2ca70 fdedb9", "fff3c4", "2c3424", 0.38),
    ],
    "sunset": [
        ("29285a 83407d e9664f fdbf63", "ffe2a0", "1c1136", 0.12),
        ("26386a ab4f80 f5866a ffd78f", "ffe6ad", "1d1a3f", 0.14),
        ("3b2352 a0356a f0614e ffb15a", "ffdc94", "230d2e", 0.1),
    ],
    "dusk": [
        ("121a45 33356f 7f5890 e79d92", "ffd3b0", "0e1130", 0.08),
        ("16233f 2f4f73 6f86a0 efb79c", "ffdcb8", "0d1a2c", 0.08),
    ],
    "night": [
        ("050a1f 0d1a40 1f3a6c 4a6f98", "eef3ff", "040817", 0.7),
        ("090720 191445 382c6d 6f5a96", "f6efff", "070416", 0.68),
        ("031420 07283a 14505f 3f8288", "ecfff8", "021016", 0.72),
    ],
    "neon": [
        ("0a0622 280d52 871c7e ff62a5", "ffd0e8", "08041c", 0.22),
        ("060b26 132060 5a2a9c ff5fc0", "c9f4ff", "060520", 0.24),
    ],
    "storm": [
        ("1c222b 39454f 67767f a6b1ae", "dfe7e4", "12171c", 0.5),
        ("20232f 454a5c 7a7f8c b9b4ac", "efe8dc", "15161f", 0.5),
    ],
}


def of(brief: Brief) -> Light:
    """The light of a brief: one of several for its time of day, a little different each time."""
    random = brief.random("light")
    sky, sun, shade, height = random.choice(_LIGHTS[brief.light])
    stops = tuple(_varied(rgb(stop), random) for stop in sky.split())
    if brief.weather == "snow" and brief.light in ("day", "dawn", "dusk"):
        stops = tuple(mix(stop, (214, 226, 238), 0.35) for stop in stops)
    if brief.weather in ("rain", "mist") and brief.light == "day":
        stops = tuple(mix(darker(stop, 0.12), (168, 178, 184), 0.5) for stop in stops)
    return Light(
        stops, rgb(sun), rgb(shade), height * random.uniform(0.85, 1.15), brief.light in ("night", "neon")
    )


def _varied(colour: Colour, random: Random) -> Colour:
    """A slight turn of one channel against another, so that no two pictures share their palette."""
    red, green, blue = colour
    turn = random.uniform(-7, 7)
    return max(0, min(255, round(red + turn))), green, max(0, min(255, round(blue - turn)))


SNOW = rgb("e9f1f8")
LEAF = rgb("3f7a4a")
PINE = rgb("235347")
ROCK = rgb("5d6b82")
SAND = rgb("d9a566")
GRASS = rgb("7da34f")
AUTUMN = (rgb("c8642b"), rgb("d99a2b"), rgb("a63d2f"), rgb("e0b13e"))
BLOOM = (rgb("e2574c"), rgb("f2b134"), rgb("f5e6e0"), rgb("b06ab3"), rgb("ef7fa0"), rgb("7d8fe0"))


def glow_of(light: Light) -> Colour:
    """The colour that the sun lends to the air around it."""
    return mix(light.sun, light.sky[-1], 0.45) if not light.is_night else mix(light.sun, light.sky[-2], 0.55)


def rim(light: Light, colour: Colour) -> Colour:
    """The edge of a thing on which the light falls."""
    return lighter(mix(colour, light.sun, 0.45), 0.1)
