"""What the two zones of a drop say: what would be done, with what, or why it would not."""

from dataclasses import dataclass

from imagine_desktop.domain.catalog import Model
from imagine_desktop.domain.imports import Look
from imagine_desktop.domain.request import address_problem
from imagine_desktop.ui.carrying.offer import Offer

NO_PICTURE = "No JPEG, PNG, WebP or GIF picture among them"


@dataclass(frozen=True, slots=True)
class Zone:
    """One place to drop: what it does, with what, and why it refuses, empty where it does not."""

    title: str
    detail: str = ""
    refusal: str = ""


def source_zone(offer: Offer, look: Look | None, model: Model, used: int) -> Zone:
    """What becomes of an offer as source; `look` is what its files are, as soon as that is known."""
    if offer.text:
        return Zone("Use as prompt", "The text goes where you write")
    wanted = _picture_count(offer, look)
    title = "Use as source" if wanted == 1 else "Use as sources"
    room = model.max_sources - used
    refusal = ""
    if offer.other:
        refusal = f"{offer.other} is no picture here: JPEG, PNG, WebP and GIF are"
    elif look is not None and not (look.picture_count or look.unseen_count):
        refusal = "A folder is no source: import it" if look.folder_count else NO_PICTURE
    elif problems := [problem for url in offer.addresses if (problem := address_problem(url))]:
        refusal = problems[0]
    elif room <= 0:
        refusal = f"{model.name} takes {model.max_sources} at most: remove one first"
    detail = _amount(offer, look, has_folders=False)
    if not refusal and wanted > room:
        detail = f"The first {room} of {wanted}: {model.name} takes {model.max_sources} at most"
    return Zone(title, detail, refusal)


def import_zone(offer: Offer, look: Look | None, read_only: str) -> Zone | None:
    """What becomes of an offer in the library; None for pictures that are in it already."""
    if offer.picture_ids:
        return None
    refusal = ""
    if read_only:
        refusal = f"The library is open for reading only. {read_only}"
    elif offer.text:
        refusal = "A text is no picture"
    elif offer.addresses:
        refusal = "An address cannot be imported: save the picture first"
    elif offer.other:
        refusal = f"{offer.other} is no picture here: JPEG, PNG, WebP and GIF are"
    elif look is not None and not look.may_hold_pictures:
        refusal = NO_PICTURE
    return Zone("Import into the library", _amount(offer, look, has_folders=True), refusal)


def _picture_count(offer: Offer, look: Look | None) -> int:
    if offer.files and look is not None:
        return look.picture_count + look.unseen_count
    return len(offer.picture_ids or offer.files or offer.addresses) or 1


def _amount(offer: Offer, look: Look | None, *, has_folders: bool) -> str:
    """How much of what there is."""
    if offer.picture_ids or offer.has_pixels:
        return _counted(len(offer.picture_ids) or 1, "picture")
    if offer.addresses:
        return _counted(len(offer.addresses), "address", "addresses")
    if look is None:
        return _counted(len(offer.files), "file") if offer.files else ""
    kinds = [(look.picture_count + look.unseen_count, "picture")]
    kinds += [(look.folder_count, "folder")] if has_folders else []
    told = [_counted(count, what) for count, what in kinds if count]
    left_out = look.other_count + (0 if has_folders else look.folder_count)
    if left_out and told:
        told.append(f"{left_out:,} left out")
    return ", ".join(told)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
