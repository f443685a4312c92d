"""Does one call with LiteLLM: the call on stdin, what it came to on stdout."""

import json
import sys

import litellm
import openai


def main() -> None:
    """Do it."""
    litellm.suppress_debug_info = True  # which it prints on stdout
    call = json.load(sys.stdin)
    try:
        answer = litellm.image_generation(api_base=call["base_url"], api_key=call["key"], **call["arguments"])
    except openai.APIStatusError as error:  # what LiteLLM's own errors are made from
        failure = {"kind": type(error).__name__, "message": str(error), "status": error.status_code}
        json.dump({"failure": failure}, sys.stdout)
    else:
        told = answer.model_dump(mode="json", warnings=False)
        json.dump({"pictures": told["data"], "ticks": told["usage"]["cost_in_usd_ticks"]}, sys.stdout)


if __name__ == "__main__":
    main()
