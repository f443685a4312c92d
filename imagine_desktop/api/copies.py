"""The copies of pictures that a request asked the API to keep in its Files, until they are here."""

from typing import TYPE_CHECKING

from imagine_desktop.api import wire
from imagine_desktop.api.wire import StoredFile
from imagine_desktop.domain.record import TurnId
from imagine_desktop.errors import AddressExpired, ApiError, DownloadError

if TYPE_CHECKING:
    from imagine_desktop.api.client import Client

_MAX_PICTURE_BYTES = 64 * 1024 * 1024


def name(turn_id: TurnId) -> str:
    """The name of all copies of a turn's pictures."""
    return f"{turn_id}.jpg"


async def find(client: "Client", turn_id: TurnId) -> tuple[StoredFile, ...]:
    """The copies of a turn's pictures, the oldest first. Raises ApiError where the API does not tell."""
    wanted = name(turn_id)
    answer = await client.ask("/files", {"filter": f'name:"{wanted}"'})
    if answer.status != 200:
        raise wire.error(answer)
    return tuple(file for file in wire.stored_files(answer) if file.name == wanted)  # the filter is a fuzzy one


async def fetch(client: "Client", file_id: str) -> bytes:
    """A copy's bytes. Raises AddressExpired where it is gone, DownloadError where it may still come."""
    try:
        answer = await client.ask(f"/files/{file_id}/content", max_bytes=_MAX_PICTURE_BYTES)
    except ApiError as error:
        raise DownloadError(
            "The copy of a picture could not be downloaded.",
            detail=error.detail,
        ) from error
    if answer.status in (404, 410):
        raise AddressExpired("There is no copy in the API's Files; sending the request again costs again.")
    if answer.status != 200 or "content-encoding" in answer.headers:
        raise DownloadError(f"The copy of a picture was answered with {answer.status}.")
    return answer.body


async def drop(client: "Client", file_id: str) -> bool:
    """Delete a copy; whether it is gone. Raises ApiError where no answer comes."""
    answer = await client.ask(f"/files/{file_id}", method="DELETE")
    return answer.status in (200, 204, 404, 410)
