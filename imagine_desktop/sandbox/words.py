"""What a prompt asks to see."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

_LIGHTS = {
    "night": "night nighttime midnight moonlit moonlight starry dark",
    "sunset": "sunset dusk evening sundown twilight",
    "dawn": "dawn sunrise morning daybreak",
    "golden": "golden autumn fall warm",
    "neon": "neon cyberpunk synthwave futuristic vaporwave retrowave",
    "storm": "storm stormy thunder lightning thunderstorm tempest dramatic gloomy moody overcast",
    "day": "day noon sunny summer bright afternoon spring",
}
_WEATHERS = {
    "snow": "snow snowy snowfall winter blizzard icy frozen christmas arctic",
    "rain": "rain rainy raining drizzle downpour storm stormy thunderstorm",
    "mist": "fog foggy mist misty haze hazy",
}
SETTINGS = {
    "space": "space planet planets galaxy nebula universe cosmos cosmic mars orbit asteroid astronaut",
    "aurora": "aurora borealis northern",
    "city": "city skyline street streets downtown metropolis skyscraper skyscrapers tokyo york london paris "
    "cyberpunk town urban alley",
    "desert": "desert dune dunes sahara cactus canyon camel",
    "sea": "sea ocean beach coast shore seaside island waves wave sail sailing boat ship harbour harbor "
    "lighthouse whale surf tropical palm",
    "lake": "lake pond river fjord reflection canoe swan waterfall stream",
    "forest": "forest wood woods woodland jungle trees tree pine pines grove path",
    "mountains": "mountain mountains alps peak peaks summit hill hills valley glacier volcano fuji cliff "
    "castle",
    "meadow": "meadow field fields flowers flower garden lavender tulips grass countryside farm poppies "
    "sunflowers sunflower wildflowers prairie",
}
FIGURES = {
    "portrait": "portrait woman man person girl boy lady face people child king queen model selfie "
    "grandmother grandfather princess warrior wizard artist knight",
    "cat": "cat cats kitten kitty tiger lion panther leopard",
    "dog": "dog dogs puppy wolf corgi retriever husky",
    "fox": "fox foxes",
    "bird": "bird birds robin sparrow parrot eagle raven crow hummingbird",
    "owl": "owl owls",
    "horse": "horse horses pony unicorn",
    "deer": "deer stag reindeer elk moose",
    "rabbit": "rabbit bunny hare",
    "bear": "bear bears panda",
    "whale": "whale whales dolphin orca",
    "fruit": "fruit fruits apple apples orange oranges lemon lemons pear still bowl",
    "coffee": "coffee cup tea mug espresso latte cappuccino",
    "vase": "vase bouquet roses rose tulip bottle",
    "car": "car cars automobile truck van beetle roadster",
    "house": "house cottage cabin home barn hut",
    "boat": "boat sailboat sailing ship yacht canoe sail",
    "lighthouse": "lighthouse",
    "balloon": "balloon balloons",
    "castle": "castle palace fortress",
    "rocket": "rocket spaceship spacecraft shuttle",
    "abstract": "abstract geometric pattern shapes minimal gradient logo bauhaus kandinsky",
}
_STILL = ("fruit", "coffee", "vase")


@dataclass(frozen=True, slots=True)
class Brief:
    """What to paint; `seed` makes everything that the words leave open."""

    setting: str
    light: str
    weather: str
    figure: str
    words: frozenset[str]
    seed: int

    @property
    def is_still(self) -> bool:
        """Whether it is a table with things on it."""
        return self.figure in _STILL

    def random(self, purpose: str) -> Random:
        """Chance for one purpose, the same for the same brief."""
        return Random(f"{self.seed} {purpose}")  # noqa: S311  # pictures, not secrets


def read(prompt: str, index: int) -> Brief:
    """The brief of the picture number `index` of a prompt."""
    words = re.findall(r"[a-z]+", prompt.lower())
    seed = int.from_bytes(hashlib.sha256(f"{index} {prompt}".encode(errors="replace")).digest()[:6])
    setting = _first(words, SETTINGS)
    if setting == "mountains" and _names(words, "lake", SETTINGS):
        setting = "lake"  # mountains stand behind it anyway
    figure = _first(words, FIGURES)
    light = _first(words, _LIGHTS)
    chance = Random(f"{seed} open")  # noqa: S311  # pictures, not secrets
    if not setting:
        setting = chance.choice(
            _LIKELY.get(figure, ["abstract"] if not figure else ["meadow", "mountains", "sea"])
        )
    if not light:
        light = chance.choice(
            ["day", "day", "golden", "golden", "dawn", "sunset"] if setting != "space" else ["night"]
        )
    if setting == "aurora":
        light = "night"
    return Brief(setting, light, _first(words, _WEATHERS), figure, frozenset(words), seed)


_LIKELY = {
    "cat": ["meadow", "city", "forest"],
    "dog": ["meadow", "sea"],
    "fox": ["forest"],
    "bird": ["meadow", "forest"],
    "owl": ["forest"],
    "horse": ["meadow", "mountains"],
    "deer": ["forest", "mountains"],
    "rabbit": ["meadow"],
    "bear": ["forest", "mountains"],
    "whale": ["sea"],
    "boat": ["sea", "lake"],
    "lighthouse": ["sea"],
    "balloon": ["mountains", "meadow"],
    "castle": ["mountains"],
    "rocket": ["space", "mountains"],
    "house": ["meadow", "mountains", "forest"],
    "car": ["desert", "mountains", "city"],
    "abstract": ["abstract"],
}


def fitting_ratio(prompt: str) -> str:
    """The aspect ratio that `auto` becomes."""
    brief = read(prompt, 0)
    if brief.figure == "portrait":
        return "3:4"
    wide = ("sea", "lake", "mountains", "desert", "city", "space", "aurora")
    if "panorama" in brief.words or (_first(sorted(brief.words), SETTINGS) in wide and not brief.is_still):
        return "16:9"
    return "1:1"


_HUES = {
    "car": {"red": 0, "teal": 1, "green": 1, "yellow": 2, "blue": 3},
    "cat": {"orange": 0, "ginger": 0, "grey": 1, "gray": 1, "black": 2, "tiger": 0, "lion": 0, "panther": 2},
    "dog": {"golden": 0, "yellow": 0, "brown": 1, "black": 1, "white": 2},
    "rabbit": {"brown": 0, "white": 1},
    "bear": {"brown": 0, "grizzly": 0, "panda": 1, "polar": 1},
    "boat": {"red": 0, "blue": 1, "brown": 2, "wooden": 2},
    "balloon": {"red": 0, "blue": 1, "teal": 1, "purple": 2},
    "bird": {"blue": 0, "red": 1, "robin": 1, "green": 2, "parrot": 2},
}


def hue(words: Iterable[str], figure: str, default: int) -> int:
    """Which of a figure's colourings the words ask for."""
    known = _HUES.get(figure, {})
    return next((known[word] for word in words if word in known), default)


def _first(words: list[str], kinds: dict[str, str]) -> str:
    """The kind of the first word that belongs to one; most specific first where two share a word."""
    for word in words:
        for kind, members in kinds.items():
            if word in members.split():
                return kind
    return ""


def _names(words: list[str], kind: str, kinds: dict[str, str]) -> bool:
    return any(word in kinds[kind].split() for word in words)
