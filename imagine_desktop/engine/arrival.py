"""From a raw answer to pictures on disk, in the order that loses none of them.

The answer is durable before it is parsed; cost and the pictures' places are one transaction; a picture's file
is durable before its row says so. Each step can be done again after a crash: what is already there is adopted.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from imagine_desktop.api import copies, wire
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.job import PictureChanged, PicturesAdded, TurnChanged
from imagine_desktop.domain.record import Picture, PictureId, Place, Turn, TurnId
from imagine_desktop.engine.workshop import Workshop
from imagine_desktop.errors import (
    AddressExpired,
    AddressRefused,
    ApiError,
    DownloadError,
    ImagineError,
    LibraryError,
    NotAPicture,
)
from imagine_desktop.imaging import decode, thumbnail
from imagine_desktop.library.ledger import Charge
from imagine_desktop.library.library import Library

if TYPE_CHECKING:
    from imagine_desktop.api.fetch import Fetcher

_log = logging.getLogger(__name__)
_EXPIRED_TRIES = 3
_TIDY_S = 5.0


async def keep(workshop: Workshop, turn_id: TurnId, answer: wire.Answer) -> None:
    """Make a turn's raw answer durable, with its story. Raises LibraryError."""
    await workshop.work(_keep, workshop.library, turn_id, answer)


class Arrival:
    """The arrival of one turn's pictures. `received` is told the bytes of a picture's download so far.

    `connection` leads to the pictures' copies in the API's Files; it is None where none to that API is open.
    """

    def __init__(
        self,
        workshop: Workshop,
        turn_id: TurnId,
        fetcher: "Fetcher",
        connection: Connection | None,
        received: Callable[[PictureId, int], None] = lambda _id, _count: None,
    ) -> None:
        self._workshop = workshop
        self._turn_id = turn_id
        self._fetcher = fetcher
        self._connection = connection
        self._received = received
        self._images: tuple[wire.Image, ...] | None = None  # of the answer, once it was parsed

    async def accept(self, answer: wire.Answer) -> tuple[PictureId, ...]:
        """Enter cost and pictures in the ledger. Raises ApiError for an answer without pictures."""
        reply = await self._workshop.work(wire.parse, answer)
        self._images = reply.images
        charge = Charge(
            addresses=tuple("" if image.is_withheld else image.url or None for image in reply.images),
            cost_ticks=reply.cost_ticks,
            http_status=answer.status,
            request_id=reply.request_id,
            model_served=reply.model,
            file_ids=tuple(image.file_id or None for image in reply.images),
            revised_prompts=tuple(image.revised_prompt for image in reply.images),
        )
        return await self._enter(charge)

    async def accept_copies(self, file_ids: Sequence[str]) -> None:
        """Enter pictures of which only the copies in the API's Files were found; the cost is the estimate."""
        await self._enter(Charge((None,) * len(file_ids), None, file_ids=tuple(file_ids)))

    async def _enter(self, charge: Charge) -> tuple[PictureId, ...]:
        workshop = self._workshop
        turn, ids = await workshop.store(self._charge, charge)
        more = tuple(picture_id for picture_id in ids if picture_id not in turn.picture_ids)
        if more:
            workshop.publish(PicturesAdded(turn.session_id, turn.id, more))
        for picture_id in turn.picture_ids:
            workshop.publish(PictureChanged(picture_id))
        workshop.publish(TurnChanged(turn.id, turn.session_id))
        return ids

    async def collect(self, answer: wire.Answer | None) -> list[ImagineError]:
        """Bring every pending picture of the turn to disk; returns the errors that kept some away.

        `answer` is the raw answer for pictures that came inside it.
        """
        workshop = self._workshop
        turn, session_name, pictures, pending = await workshop.work(self._pending)
        is_inside = answer is not None and any(place.url is None for place in pending.values())
        inside = await self._inside(answer) if answer is not None and is_inside else ()

        async def bring(picture: Picture) -> ImagineError | None:
            place = pending[picture.id]
            text = inside[picture.index].base64 if place.url is None and picture.index < len(inside) else ""
            try:
                await self._bring(turn, picture, session_name, place, text)
            except ImagineError as error:
                await self._note(picture, error)
                return error
            finally:
                workshop.publish(PictureChanged(picture.id))
            return None

        errors = [error for error in await asyncio.gather(*map(bring, pictures)) if error is not None]
        await workshop.work(self._drop_answer)
        workshop.publish(TurnChanged(turn.id, turn.session_id))
        return errors

    async def drop_copies(self) -> None:
        """Delete the copies in the API's Files that are not needed any more; those that stay expire."""
        workshop = self._workshop
        if self._connection is None:
            return
        since = time.time() - workshop.patience.look_for_s
        profile = self._connection.profile.name
        copies_left = await workshop.work(workshop.library.records.copies_of_saved, profile, since)
        if not copies_left:
            return
        try:
            async with asyncio.timeout(_TIDY_S):
                client = await self._connection.client()
                for picture_id, file_id in copies_left.items():
                    if await copies.drop(client, file_id):
                        await workshop.store(workshop.library.ledger.forget_copy, picture_id)
        except (ImagineError, TimeoutError) as error:
            _log.info("copies of saved pictures stay in the API's Files for now: %s", error)

    async def _bring(self, turn: Turn, picture: Picture, session_name: str, place: Place, text: str) -> None:
        workshop = self._workshop
        files = workshop.library.files
        data = await workshop.work(self._at_hand, turn, picture, text)
        if data is None:
            data = await self._delivered(turn, picture, place)
        try:
            await workshop.work(self._save, turn, picture, session_name, data)
        except decode.Undecodable as error:
            kept = await workshop.work(files.quarantine, turn.id, picture.id, data)
            raise NotAPicture(
                f"What arrived cannot be used: {error}.", f"Its bytes are kept in {kept}.", may_retry=False
            ) from error

    async def _delivered(self, turn: Turn, picture: Picture, place: Place) -> bytes:
        """A picture's bytes from its address, or else from its copy in the API's Files."""
        has_copy = place.file_id is not None or turn.is_stored
        if place.url is None and not has_copy:
            raise LibraryError("The answer that holds this picture is not here any more.")
        if place.url is not None:
            try:
                return await self._download(picture.id, place.url)
            except (AddressExpired, AddressRefused):
                if not has_copy:
                    raise
        try:
            return await self._copy(turn, picture, place.file_id)
        except AddressExpired as error:
            if time.time() - turn.created < self._workshop.patience.proof_s:  # absence is no proof yet
                raise DownloadError(
                    error.message, "The API may still be at its copy; it is looked for."
                ) from error
            raise

    async def _copy(self, turn: Turn, picture: Picture, file_id: str | None) -> bytes:
        """A picture's copy by its id, or where the answer named none, by the name that was asked for."""
        if self._connection is None:
            raise DownloadError("A picture lies at the API's Files.", "It is fetched when its profile is used.")
        client = await self._connection.client()
        if file_id is None:
            try:
                found = await copies.find(client, turn.id)
            except ApiError as error:
                raise DownloadError(
                    "The copy of a picture could not be looked for.", "It is tried again.", detail=error.detail
                ) from error
            if picture.index >= len(found):
                raise AddressExpired("There is no copy in the API's Files.")
            file_id = found[picture.index].id
        return await copies.fetch(client, file_id)

    async def _download(self, picture_id: PictureId, url: str) -> bytes:
        patience = self._workshop.patience
        give_up_s = time.monotonic() + patience.download_s
        expired = tries = 0
        while True:
            try:
                return await self._fetcher.fetch(url, lambda count: self._received(picture_id, count))
            except AddressExpired:
                expired += 1
                if expired >= _EXPIRED_TRIES:
                    raise
                pause_s = patience.expired_pause_s
            except DownloadError as error:
                if not error.may_retry:
                    raise
                tries += 1
                pause_s = random.uniform(0.5, 1) * min(2 ** (tries - 1), 30)  # noqa: S311 - jitter
                if time.monotonic() + pause_s > give_up_s:
                    raise
            await asyncio.sleep(pause_s)

    def _save(self, turn: Turn, picture: Picture, session_name: str, data: bytes) -> None:
        """Check, make durable, then say so in the ledger. Runs in a thread; raises decode.Undecodable."""
        library = self._workshop.library
        facts, thumbnails = thumbnail.examine(data)
        stored = library.files.store_picture(
            data,
            turn,
            picture,
            session_name=session_name,
            extension=facts.extension,
            mime=facts.mime,
            size=(facts.width, facts.height),
        )
        library.ledger.save_picture(
            picture.id,
            path=stored.path,
            mime=facts.mime,
            sha256=stored.sha256,
            byte_count=len(data),
            width=facts.width,
            height=facts.height,
            thumbnails=thumbnails,
        )

    async def _note(self, picture: Picture, error: ImagineError) -> None:
        """A picture that may still come keeps its place, one that cannot is lost; its row says why."""
        ledger = self._workshop.library.ledger
        is_final = isinstance(error, DownloadError) and (
            isinstance(error, AddressExpired) or not error.may_retry
        )
        write = ledger.lose_picture if is_final else ledger.explain_picture
        try:
            await self._workshop.store(write, picture.id, error.sentences)
        except LibraryError as failed:  # on a full disk; the place stays pending
            _log.info("what keeps picture %s away was not written down: %s", picture.id, failed.message)

    async def _inside(self, answer: wire.Answer) -> tuple[wire.Image, ...]:
        if self._images is None:
            self._images = (await self._workshop.work(wire.parse, answer)).images
        return self._images

    # What follows runs in a thread, each in one go.

    def _turn(self) -> Turn:
        turn = self._workshop.library.records.turn(self._turn_id)
        if turn is None:
            raise LibraryError("The turn is not in the library any more.")
        return turn

    def _charge(self, charge: Charge) -> tuple[Turn, tuple[PictureId, ...]]:
        """Enter it; the turn as it was before, and the pictures that it has now."""
        return self._turn(), self._workshop.library.ledger.charge(self._turn_id, charge)

    def _pending(self) -> tuple[Turn, str, list[Picture], dict[PictureId, Place]]:
        """The turn, its session's name, its pictures that are not here yet and where they can be had."""
        turn, records = self._turn(), self._workshop.library.records
        places = records.pending_places(turn.id)
        return turn, records.session_name(turn.session_id), records.pictures(list(places)), places

    def _at_hand(self, turn: Turn, picture: Picture, text: str) -> bytes | None:
        """A picture's bytes from its file, left by an earlier run, or from the answer; None without either."""
        files = self._workshop.library.files
        already = files.find_picture(turn, picture.index)
        if already is not None:
            return files.read(already)
        return self._decoded(text) if text else None

    def _drop_answer(self) -> None:
        """Forget the raw answer once no picture is waited for."""
        library = self._workshop.library
        if not library.records.pending_places(self._turn_id):
            library.files.drop_answer(self._turn_id)

    def _decoded(self, text: str) -> bytes:
        try:
            return wire.decode_base64(text)
        except ValueError as error:
            raise NotAPicture("The answer's base64 is damaged.", "The answer is kept.") from error


def _keep(library: Library, turn_id: TurnId, answer: wire.Answer) -> None:
    turn = library.records.turn(turn_id)
    if turn is None:
        raise LibraryError("The turn is not in the library any more.")
    name = library.records.session_name(turn.session_id)
    library.files.keep_answer(turn, name, answer.status, answer.headers, answer.body)
