"""The one key of the whole suite, and the search for it in all that the suite leaves behind."""

import secrets

KEY = "xai-CANARY" + secrets.token_hex(12)
