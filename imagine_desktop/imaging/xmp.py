"""A picture's story as an XMP packet (ISO 16684-1): written for every program, read with care.

`DigitalSourceType`, `AISystemUsed` and `AIPromptInformation` are IPTC's (Photo Metadata Standard 2025.1); what
has no standard name is in a namespace of this program's own.
"""

import html
import re
import time
from xml.parsers import expat

from imagine_desktop import __version__
from imagine_desktop.domain import prompts
from imagine_desktop.domain.story import Story

MOST_BYTES = 1_048_576  # what is longer is not read: nobody writes a story of a megabyte
TOOL = f"Imagine Desktop {__version__}"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"  # IPTC NewsCodes
_ID = "urn:imagine-desktop:picture:"
_OWN = "urn:imagine-desktop:ns:1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_MM = "http://ns.adobe.com/xap/1.0/mm/"
_XMP = "http://ns.adobe.com/xap/1.0/"

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, `Char`
_PLAIN = re.compile(r"[^\s<>\"']{1,100}")
_MOST_CHARACTERS = 100_000
_MOST_VALUES = 64


def packet(story: Story) -> bytes:
    """The story as a packet, UTF-8."""
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(story.created))
    simple = {
        "xmp:CreatorTool": TOOL,
        "xmp:CreateDate": created,
        "xmpMM:DocumentID": _ID + story.id,
        "Iptc4xmpExt:DigitalSourceType": TRAINED,
        "Iptc4xmpExt:AISystemUsed": story.model,
        "Iptc4xmpExt:AIPromptInformation": story.prompt,
        "imagine:Model": story.model,
        "imagine:AspectRatio": story.aspect_ratio,
        "imagine:Resolution": story.resolution,
        "imagine:Quality": story.quality or "",
        "imagine:Count": str(story.count),
    }
    lines = [f"   <{name}>{_text(value)}</{name}>" for name, value in simple.items() if value]
    prompt = _text(story.prompt)
    lines.append(
        f'   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">{prompt}</rdf:li></rdf:Alt></dc:description>'
    )
    if story.sources:
        items = "".join(f"<rdf:li>{_text(source)}</rdf:li>" for source in story.sources)
        lines.append(f"   <imagine:Sources><rdf:Seq>{items}</rdf:Seq></imagine:Sources>")
    pictures = [source for source in story.sources if source not in ("file", "address")]
    if pictures:
        parent = _text(_ID + pictures[0])
        lines.append(
            '   <xmpMM:DerivedFrom rdf:parseType="Resource">'
            f"<stRef:documentID>{parent}</stRef:documentID></xmpMM:DerivedFrom>"
        )
    inside = "\n".join(lines)
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
  <rdf:Description rdf:about="" xmlns:dc="{_DC}" xmlns:xmp="{_XMP}" xmlns:xmpMM="{_MM}"
    xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#" xmlns:Iptc4xmpExt="{_IPTC}"
    xmlns:imagine="{_OWN}">
{inside}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>""".encode()


def parse(data: bytes) -> Story | None:
    """The story that a packet tells; None where it tells none, or is not what this program would read.

    A document type, which could define entities without end, ends the reading.
    """
    if len(data) > MOST_BYTES:
        return None
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator="")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(data.strip(b"\0 \r\n\t"), True)
    except (expat.ExpatError, ValueError, LookupError):  # LookupError: an encoding that nobody knows
        return None
    return _story(reader.values)


class _Reader:
    """Collects the values of the properties that are wanted, as elements, as lists or as attributes."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self._property = ""
        self._text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _RDF + "Description":
            for key, value in attributes.items():
                self._add(key, value)
        elif not self._property and name in _WANTED:
            self._property = name
        self._text = []

    def text(self, data: str) -> None:
        if self._property:
            self._text.append(data)

    def end(self, name: str) -> None:
        if self._property and name in (self._property, _RDF + "li"):
            self._add(self._property, "".join(self._text))
            self._text = []
        if name == self._property:
            self._property = ""

    def refuse(self, *_: object) -> None:
        raise ValueError("a document type")

    def _add(self, name: str, value: str) -> None:
        values = self.values.setdefault(name, [])
        if name in _WANTED and value.strip() and len(values) < _MOST_VALUES:
            values.append(value)


_WANTED = frozenset(
    (
        *(_OWN + name for name in ("Model", "AspectRatio", "Resolution", "Quality", "Count", "Sources")),
        _IPTC + "AIPromptInformation",
        _IPTC + "AISystemUsed",
        _MM + "DocumentID",
        _DC + "description",
    )
)


def _story(values: dict[str, list[str]]) -> Story | None:
    """A story of what was found; what is not as this program writes it is passed over.

    A description alone is no prompt: cameras and editors write one too.
    """

    def first(*names: str) -> str:
        found = [values[name][0].strip() for name in names if values.get(name)]
        return found[0] if found and _is_plain(found[0]) else ""

    model = first(_OWN + "Model", _IPTC + "AISystemUsed")
    prompt_names = [
        _IPTC + "AIPromptInformation",
        *([_DC + "description"] if values.get(_OWN + "Model") else []),
    ]
    found = [values[name][0] for name in prompt_names if values.get(name)]
    prompt = prompts.normalised(found[0]) if found else ""
    if not prompt or len(prompt) > _MOST_CHARACTERS:
        return None
    count = first(_OWN + "Count")
    return Story(
        prompt=prompt,
        model=model,
        aspect_ratio=first(_OWN + "AspectRatio") or "auto",
        resolution=first(_OWN + "Resolution") or "1k",
        quality=first(_OWN + "Quality") or None,
        count=int(count) if count in {str(number) for number in range(1, 11)} else 1,
        id=first(_MM + "DocumentID").removeprefix(_ID),
        sources=tuple(s.strip() for s in values.get(_OWN + "Sources", []) if _is_plain(s.strip())),
    )


def _is_plain(value: str) -> bool:
    """Whether a value is one printable word, as names and ids are."""
    return bool(_PLAIN.fullmatch(value)) and value.isprintable()


def _text(value: str) -> str:
    return html.escape(_NOT_XML.sub("", value), quote=False)
