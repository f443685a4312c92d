"""The sources of an edit on their way out: checked, frozen in the library, turned into addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from imagine_desktop.api import wire
from imagine_desktop.domain.catalog import Limits
from imagine_desktop.domain.record import SourceKind, Turn
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource, Request, Source
from imagine_desktop.imaging import decode, prepare
from imagine_desktop.library.library import Library


@dataclass(frozen=True, slots=True)
class FrozenSource:
    """What will be sent for a source: an address, or the bytes of a file in the library."""

    address: str | None
    path: str | None  # relative to the library's folder
    frozen: str | None  # the same, where the bytes came from outside and were copied in


def request_of(turn: Turn, library: Library) -> Request:
    """The request that a turn was made from, its file sources as they were frozen."""
    sources: list[Source] = []
    for source in turn.sources:
        if source.kind is SourceKind.ADDRESS:
            sources.append(AddressSource(source.name))
        elif source.picture_id is not None:
            sources.append(PictureSource(source.picture_id))
        elif source.frozen is not None:
            sources.append(FileSource(library.files.absolute(source.frozen)))
    return Request(
        turn.prompt,
        turn.model,
        turn.aspect_ratio,
        turn.resolution,
        turn.quality,
        turn.count,
        tuple(sources),
    )


def check(sources: Sequence[Source], limits: Limits) -> None:
    """Read and decode the files among the sources. Blocks; raises BadInput for one that cannot be sent."""
    for source in sources:
        if isinstance(source, FileSource):
            prepare.prepare(prepare.read_file(source.path, limits), source.name, limits)


def freeze(
    sources: Sequence[Source], library: Library, limits: Limits, *, sends_originals: bool = False
) -> tuple[FrozenSource, ...]:
    """Make exactly what will be sent durable. Blocks; raises BadInput before anything is written."""
    prepared = [_prepared(source, library, limits, sends_originals) for source in sources]
    return tuple(
        ready
        if isinstance(ready, FrozenSource)
        else _kept(library.files.freeze_source(ready.data, _extension(ready)))
        for ready in prepared
    )


def addresses(frozen: Sequence[FrozenSource], library: Library) -> list[str]:
    """Each source as the request names it: its address on the web, or its bytes as a data URI. Blocks."""
    return [source.address or _data_uri(library.files.read(source.path or "")) for source in frozen]


def _prepared(
    source: Source, library: Library, limits: Limits, sends_originals: bool
) -> FrozenSource | prepare.Upload:
    match source:
        case AddressSource(url):
            return FrozenSource(url, None, None)
        case FileSource(path):
            make = prepare.unchanged if sends_originals else prepare.prepare
            return make(prepare.read_file(path, limits), source.name, limits)
        case PictureSource(picture_id):
            path = library.picture_path(picture_id)
            data = library.files.read(str(path.relative_to(library.folder.resolve())))
            upload = prepare.unchanged(data, source.name, limits)
            if upload.data is data:
                return FrozenSource(None, str(path.relative_to(library.folder.resolve())), None)
            return upload


def _kept(path: str) -> FrozenSource:
    return FrozenSource(None, path, path)


def _extension(upload: prepare.Upload) -> str:
    return decode.Facts(upload.mime, upload.width, upload.height).extension


def _data_uri(data: bytes) -> str:
    return wire.data_uri(decode.sniff(data) or "image/jpeg", data)
