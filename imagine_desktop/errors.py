"""Every error that a person can meet, with what it means for their money.

ImagineError
├── BadInput             a field holds something that cannot be sent; nothing was sent
├── LimitReached         a spending limit of the person's would be exceeded; nothing was sent
├── ConfigurationError   no key, an unknown profile, an address that is not https
├── LibraryError         the library's folder cannot be used as asked
│   ├── LibraryBusy      another process holds it
│   ├── LibraryTooNew    written by a newer version of the program
│   ├── LibraryDamaged   its database is broken or gone; the pictures are not
│   ├── LibraryGone      its folder was renamed, removed or unmounted while it was open
│   └── DiskFull         too little space to keep what would be paid for
├── ApiError             the API answered, or could not be reached
│   ├── NotSent          the request provably never arrived whole: nothing was charged
│   ├── Rejected         refused as it stands (400, 404, 413, 415, 422)
│   │   ├── BadKey       the key is wrong, blocked, or missing (400 or 401)
│   │   └── NotAllowed   the key or its team may not do this, or has no credit (403)
│   ├── TooManyRequests  the rate limit; worth another try after `retry_after` seconds (429)
│   ├── Withheld         refused by the API's moderation; billed where `cost_ticks` says so
│   └── OutcomeUnknown   sent, and no usable answer came: it may have been charged
└── DownloadError        a paid picture could not be fetched
    ├── AddressExpired   its address answers 404 or 410
    ├── AddressRefused   its address is one that this program does not visit
    └── NotAPicture      what arrived is no whole JPEG, PNG, WebP or GIF
"""

from enum import StrEnum


class Charged(StrEnum):
    """Whether money was spent."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ImagineError(Exception):
    """An expected failure, said in at most two sentences: what happened to work and money, and the next step.

    `message` is the first without the money, `money` its end, `hint` the second; without one it is `next_step`.
    `detail` is raw text from outside (cut to 500 characters) to show on request, always as plain text.
    `retry_after_s` is how long to wait before another try makes sense, where that is known.
    """

    charged = Charged.NO
    money = ""
    next_step = ""

    def __init__(
        self, message: str, hint: str = "", *, detail: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.next_step
        self.detail = detail[:500]
        self.retry_after_s = retry_after_s

    @property
    def sentences(self) -> str:
        """What happened, what it cost, and the next step, as one line."""
        cause = f"{self.message.removesuffix('.')}; {self.money}." if self.money else self.message
        return f"{cause} {self.hint}".strip()


class BadInput(ImagineError):
    """A field that cannot be sent as it is; `field` is the name by which the person knows it."""

    def __init__(self, field: str, message: str, hint: str = "") -> None:
        super().__init__(f"{field}: {message}", hint)
        self.field = field


class LimitReached(ImagineError):
    """A request would cost more than the person's limit for the day or month leaves; nothing was sent."""


class ConfigurationError(ImagineError):
    """The profile, key or address in use cannot work."""


class LibraryError(ImagineError):
    """The library's folder cannot be used as asked."""


class LibraryBusy(LibraryError):
    """Another process holds the library."""


class LibraryTooNew(LibraryError):
    """The library was written by a newer version; nothing in it was changed."""


class LibraryDamaged(LibraryError):
    """The library's database is broken or gone. It is kept as it is, and so are the pictures."""

    def __init__(self, message: str) -> None:
        super().__init__(
            message,
            "It is kept as it is: `imagine-desktop library rebuild` makes a new one from the pictures, "
            "and its folder `backups` holds earlier ones.",
        )


class LibraryGone(LibraryError):
    """The library's folder was renamed, removed or unmounted while it was open."""


class DiskFull(LibraryError):
    """There is too little space left."""


class ApiError(ImagineError):
    """What the API answered, or that it could not be reached.

    `status` is the HTTP status (None where there was no answer), `request_id` the answer's
    `x-request-id`, `cost_ticks` what the answer says it cost (1 USD is 10**10 ticks), `cost` the same in words.
    """

    money = "not charged"

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        detail: str = "",
        retry_after_s: float | None = None,
        status: int | None = None,
        code: str = "",
        request_id: str = "",
        cost_ticks: int | None = None,
        cost: str = "",
    ) -> None:
        super().__init__(message, hint, detail=detail, retry_after_s=retry_after_s)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.cost_ticks = cost_ticks
        if cost_ticks:
            self.charged = Charged.YES
            self.money = f"charged {cost}".strip()


class NotSent(ApiError):
    """The request provably never arrived whole. `may_retry` is false for certificate errors."""

    money = "nothing was sent, nothing charged"
    next_step = "Send it again."

    def __init__(self, message: str, hint: str = "", *, detail: str = "", may_retry: bool = True) -> None:
        super().__init__(message, hint, detail=detail)
        self.may_retry = may_retry


class Rejected(ApiError):
    """Refused as it stands; the same request would be refused again."""

    money = "no charge was reported"


class BadKey(Rejected):
    """The key is wrong, blocked, or missing. The API answers 400 to a wrong key, not 401."""

    money = "not charged"


class NotAllowed(Rejected):
    """The key or its team may not do this, or its credit is used up."""

    money = "not charged"


class TooManyRequests(ApiError):
    """The team's rate limit, or the model is at capacity."""


class Withheld(ApiError):
    """Refused by the API's moderation, which may be billed all the same."""

    money = "no charge was reported"
    next_step = "Change the prompt."


class OutcomeUnknown(ApiError):
    """The request was sent and no usable answer came."""

    charged = Charged.UNKNOWN
    money = "it may have been charged"
    next_step = "Your account at the API shows what it cost; trying again may cost again."


class DownloadError(ImagineError):
    """A paid picture could not be fetched from its address. `may_retry`: the cause may pass."""

    charged = Charged.YES
    money = "it is paid for"

    def __init__(self, message: str, hint: str = "", *, detail: str = "", may_retry: bool = True) -> None:
        following = "It is tried again." if may_retry else "Sending the request again costs again."
        super().__init__(message, hint or following, detail=detail)
        self.may_retry = may_retry


class AddressExpired(DownloadError):
    """The address no longer leads to the picture."""

    money = ""

    def __init__(self, hint: str = "") -> None:
        super().__init__("Paid, lost: address expired.", hint, may_retry=False)


class AddressRefused(DownloadError):
    """The address is one that this program does not visit."""


class NotAPicture(DownloadError):
    """What arrived is no whole picture."""
