"""Does one call with openai-python: the call on stdin, what it came to on stdout."""

import json
import sys
from pathlib import Path
from typing import Any

import openai
from openai.types import ImagesResponse


def _called(client: openai.OpenAI, verb: str, arguments: dict[str, Any]) -> ImagesResponse:
    if verb == "generate":
        return client.images.generate(**arguments)
    if verb == "edit":
        return client.images.edit(**arguments | {"image": Path(arguments["image"])})
    # The body of an edit by hand: `images.edit` sends a form, which the API does not take.
    return client.post("/images/edits", body=arguments, cast_to=ImagesResponse)


def main() -> None:
    """Do it."""
    call = json.load(sys.stdin)
    client = openai.OpenAI(base_url=call["base_url"], api_key=call["key"])
    try:
        answer = _called(client, call["verb"], call["arguments"]).model_dump(mode="json", warnings=False)
    except openai.APIStatusError as error:
        failure = {"kind": type(error).__name__, "message": str(error), "status": error.status_code}
        json.dump({"failure": failure | {"body": error.body}}, sys.stdout)
    else:
        json.dump({"pictures": answer["data"], "ticks": answer["usage"]["cost_in_usd_ticks"]}, sys.stdout)


if __name__ == "__main__":
    main()
