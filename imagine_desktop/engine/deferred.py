"""Asking after a deferred request: a paid POST is answered with an id, under which the pictures are later."""

import asyncio
import time
from typing import TYPE_CHECKING

from imagine_desktop.api import wire
from imagine_desktop.errors import ApiError, OutcomeUnknown, Withheld

if TYPE_CHECKING:
    from imagine_desktop.api.client import Client

_SLOWEST_S = 5.0


async def wait(client: "Client", provider_id: str, poll_s: float, give_up_s: float) -> wire.Answer:
    """The answer, once it is there. Raises OutcomeUnknown where it does not come before `give_up_s`."""
    while (left_s := give_up_s - time.monotonic()) > 0:
        await asyncio.sleep(min(poll_s, left_s))
        poll_s = min(1.25 * poll_s, max(_SLOWEST_S, poll_s))
        try:
            answer = await ask(client, provider_id)
        except OutcomeUnknown as error:
            if error.status is not None and error.status < 500:
                raise
        else:
            if answer is not None:
                return answer
    raise OutcomeUnknown("The API took the request and was not done in time.")


async def ask(client: "Client", provider_id: str) -> wire.Answer | None:
    """The answer, or None while it is being made. Raises OutcomeUnknown where the API does not tell."""
    try:
        answer = await client.ask(f"/images/{provider_id}")
    except ApiError as error:
        raise OutcomeUnknown(
            "The API took the request and cannot be asked about it.", detail=error.detail
        ) from error
    if wire.is_pending(answer):
        return None
    if answer.status == 200:
        return answer
    refusal = wire.error(answer)
    if isinstance(refusal, Withheld) or refusal.cost_ticks:  # moderation may be told so
        return answer
    raise OutcomeUnknown(
        f"The API took the request and answers {answer.status} when it is asked for the pictures.",
        detail=refusal.detail,
        status=answer.status,
        request_id=refusal.request_id,
    )
