"""`generate`: pictures from a prompt, or from pictures and a prompt."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from imagine_desktop.api.connection import Connection
from imagine_desktop.cli import opening
from imagine_desktop.cli.options import session_name
from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import Event, Job, JobChanged, JobState, Told, WarningPassed
from imagine_desktop.domain.record import Picture, PictureId, PictureState, Turn, TurnState
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource, Request, Source
from imagine_desktop.engine import sources
from imagine_desktop.errors import BadInput, ImagineError, LibraryError
from imagine_desktop.export import folder
from imagine_desktop.export.copies import Style
from imagine_desktop.library.library import Library

SOME_MISSING = 5
_LOOK_WITHIN_S = 5.0
_DELIVERIES = {"url": Delivery.URL, "base64": Delivery.BASE64}


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    parser = verbs.add_parser("generate", parents=[shared], help="make pictures; with --image, edit pictures")
    parser.add_argument("prompt", metavar="PROMPT")
    parser.add_argument("--image", action="append", default=[], metavar="FILE|URL|PICTURE_ID")
    parser.add_argument("-n", type=int, default=1, metavar="N", dest="count", help="pictures, 1 to 10")
    parser.add_argument("--aspect-ratio", default="auto", metavar="R")
    parser.add_argument("--resolution", default="1k", metavar="R", help="1k, 1.5k or 2k")
    parser.add_argument("--quality", metavar="Q", help="low, medium or auto, where the model has it")
    parser.add_argument("--model", metavar="M")
    parser.add_argument("--delivery", choices=sorted(_DELIVERIES), help="how pictures come back")
    parser.add_argument("--session", type=session_name, default="Command line", metavar="NAME")
    parser.add_argument("--out", type=Path, metavar="DIR", help="also copy the pictures there, as delivered")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check everything, then open the library and send."""
    choice = opening.choice(options)
    catalog = opening.known_catalog(choice.profile)
    request = Request(
        prompt=prompts.normalised(options.prompt),
        model=options.model or catalog.default_model,
        aspect_ratio=options.aspect_ratio,
        resolution=options.resolution,
        quality=options.quality,
        count=options.count,
        sources=tuple(_source(text) for text in options.image),
    )
    for problem in request.validate(catalog):
        if problem.blocks:
            raise BadInput(problem.field, problem.message)
        opening.say(f"{problem.field}: {problem.message}.")
    sources.check(request.sources, catalog.limits)
    _require_pictures(request, opening.library_folder(options))
    link = opening.connection(choice)
    _require_folder(options.out)
    with opening.owning(options) as library:
        turn, pictures = opening.complete(_make(options, request, library, link))
        code = exit_code(turn, pictures)
        try:
            exported = _export(options, library, pictures)
        except LibraryError as error:  # the pictures are saved, and paid for, all the same
            opening.say(error.sentences)
            exported, code = (), code or SOME_MISSING
        _print(options, library, turn, pictures, exported)
        return code


def exit_code(turn: Turn, pictures: Sequence[Picture]) -> int:
    """0 all saved, 1 not charged, 3 all withheld, 4 unknown or charged without a picture, 5 some saved."""
    saved = sum(picture.state is PictureState.SAVED for picture in pictures)
    if saved:
        return 0 if saved >= turn.count and saved == len(pictures) else SOME_MISSING
    if pictures and all(picture.state is PictureState.WITHHELD for picture in pictures):
        return 3
    if turn.state in (TurnState.NOT_SENT, TurnState.REJECTED, TurnState.QUEUED, TurnState.WAITING):
        return 1
    return 4


def told(ended: Job, turn: Turn, pictures: Sequence[Picture]) -> list[str]:
    """What is said of a job's end: its error, or, where a lost answer was found, why pictures are missing."""
    failure = _failure(ended, turn)
    return (
        sorted({picture.reason for picture in pictures if picture.reason})
        if failure is None
        else [failure.sentences]
    )


def _failure(ended: Job, turn: Turn) -> ImagineError | None:
    """The error that a job ended with, unless the answer that it lost was found since."""
    return None if ended.state is JobState.UNKNOWN and turn.state is not TurnState.UNKNOWN else ended.error


def picture_fields(library: Library, picture: Picture) -> dict[str, object]:
    """A picture as `--json` prints it; `path` is absolute, or null until it is saved."""
    return {
        "id": picture.id,
        "path": None if picture.path is None else str(library.files.absolute(picture.path)),
        "width": picture.width,
        "height": picture.height,
        "state": picture.state,
        "cost_ticks": picture.cost_ticks,
    }


def _source(text: str) -> Source:
    path = Path(text)
    if "://" in text:
        return AddressSource(text)
    if text.isascii() and text.isdigit() and len(text) < 19 and not path.exists():
        return PictureSource(PictureId(int(text)))
    return FileSource(path)


def _require_pictures(request: Request, library_folder: Path) -> None:
    ids = [source.picture_id for source in request.sources if isinstance(source, PictureSource)]
    if not ids:
        return
    try:
        library = Library.open_reading(library_folder)
    except LibraryError as error:
        raise BadInput("Sources", f"there is no picture {ids[0]}: {error.message}") from error
    try:
        for picture_id in ids:
            library.picture_path(picture_id)
    finally:
        library.close()


def _require_folder(out: Path | None) -> None:
    """Find out before anything is paid for that the folder cannot be one."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise BadInput("Out", f"{out} cannot be a folder: {reason}") from None


async def _make(
    options: argparse.Namespace, request: Request, library: Library, link: Connection
) -> tuple[Turn, list[Picture]]:
    async with opening.engine(options, library, link) as engine:
        await engine.recover()
        engine.subscribe(_say_what_is_told)
        if sys.stderr.isatty():
            engine.subscribe(_show_progress)
        session = library.session(options.session)
        delivery = _DELIVERIES.get(options.delivery, link.profile.delivery)
        job = engine.submit(request, session.id, delivery=delivery)
        ended = await engine.finished(job.id)
        if ended.state is JobState.UNKNOWN:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_WITHIN_S):
                    await engine.looked_for(job.id)
    turn = library.records.turn(job.id)
    if turn is None:
        raise ended.error or LibraryError("The turn could not be written down.")
    pictures = library.records.pictures(turn.picture_ids)
    for text in told(ended, turn, pictures):
        opening.say(text)
    failure = _failure(ended, turn)
    if failure is not None and failure.reference and not options.json:  # there it is a field of its own
        opening.say(failure.reference)
    return turn, pictures


def _say_what_is_told(event: Event) -> None:
    if isinstance(event, WarningPassed):
        spent, warning = money.usd(event.day_ticks), money.usd(event.warn_ticks)
        opening.say(f"Today's spending is now {spent}, past your warning of {warning}.")
    elif isinstance(event, Told):
        opening.say(event.text)


def _show_progress(event: Event) -> None:
    if not isinstance(event, JobChanged):
        return
    job = event.job
    text = f"{job.received_bytes // 1024} KB" if job.state is JobState.DOWNLOADING else ""
    end = "\n" if job.state.is_end else ""
    print(f"\r\033[K{job.state} {text}", end=end, file=sys.stderr, flush=True)


def _export(options: argparse.Namespace, library: Library, pictures: Sequence[Picture]) -> Sequence[Path]:
    if options.out is None:
        return ()
    as_delivered = Style(has_metadata=False)
    ids = [picture.id for picture in pictures]
    return folder.export(library, ids, options.out, style=as_delivered).files


def _print(
    options: argparse.Namespace,
    library: Library,
    turn: Turn,
    pictures: Sequence[Picture],
    exported: Sequence[Path],
) -> None:
    if options.json:
        result = {
            "turn": turn.id,
            "pictures": [picture_fields(library, picture) for picture in pictures],
            "cost_ticks": turn.cost_ticks,
            "request_id": turn.request_id,
        }
        opening.show(json.dumps(result))
        return
    for path in exported or [
        library.files.absolute(picture.path) for picture in pictures if picture.path is not None
    ]:
        opening.show(str(path))
    if turn.cost_ticks is not None:
        about = "about " if turn.cost_source == "estimate" else ""
        opening.say(f"Cost: {about}{money.usd(turn.cost_ticks)}.")
