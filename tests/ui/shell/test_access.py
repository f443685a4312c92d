"""A key is used from its test on, kept where it is safe, and belongs to one profile."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QObject

from imagine_desktop import secrets
from imagine_desktop.errors import BadKey, ConfigurationError, ImagineError
from imagine_desktop.secrets import Kept, Place, Secret
from imagine_desktop.settings import SANDBOX, XAI, Profile
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.shell.access import Access

OWN = Profile("gateway.example", "https://gateway.example/v1", title="Gateway")


@dataclass
class Told:
    """All that an access told."""

    used: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    tested: list[tuple[str, str]] = field(default_factory=list)
    missing: list[ImagineError] = field(default_factory=list)


@pytest.fixture
async def made(qtbot: object) -> AsyncIterator[Callable[..., tuple[Access, Told]]]:
    """Makes an access and what it told."""
    owner = QObject()
    background = Background(owner)

    def make(profile: Profile = SANDBOX, key: Secret | None = None) -> tuple[Access, Told]:
        access, told = Access(profile, key, background, owner), Told()
        access.used_changed.connect(lambda p, k: told.used.append((p.name, k.reveal() if k else "")))
        access.said.connect(told.said.append)
        access.chosen.connect(told.chosen.append)
        access.test_requested.connect(lambda p, k: told.tested.append((p.name, k.reveal())))
        access.missing.connect(told.missing.append)
        return access, told

    yield make
    background.close()
    owner.deleteLater()


async def until(is_so: Callable[[], object]) -> None:
    """Wait for something to become so."""
    while not is_so():
        await asyncio.sleep(0.01)


Make = Callable[..., tuple[Access, Told]]


async def test_a_key_that_is_right_is_used_and_where_no_keyring_keeps_it_a_file_is_a_choice(made: Make) -> None:
    access, told = made()
    access.show(XAI)
    await until(lambda: "Paste a key: xAI is used as soon as it was tested." in told.said)
    assert told.used == []
    access.test("xai-good")
    assert told.tested == [("xai", "xai-good")]
    access.on_tested(None, "The key works.")
    await until(lambda: told.used)
    assert (told.used, told.chosen) == ([("xai", "xai-good")], ["xai"])
    assert told.said[-1] == (
        "The key works. This computer has no keyring that keeps the key: it is used until the window is closed."
    )
    assert access.kept is not None
    assert access.kept.place is Place.MEMORY
    assert not secrets.file().exists()
    access.keep_unprotected()
    await until(lambda: access.kept is not None and access.kept.place is Place.FILE)
    assert "xai-good" in secrets.file().read_text()


async def test_a_key_that_is_wrong_is_neither_used_nor_kept(made: Make) -> None:
    access, told = made(XAI, Secret("old"))
    access.test("xai-wrong")
    access.on_tested(BadKey("The API does not accept the key.", "Check it."), "")
    assert told.said[-1] == "The API does not accept the key; not charged. Check it."
    assert access.kept == Kept(access.kept.key, Place.ENVIRONMENT) if access.kept else False
    assert told.used == []
    access.test("two words")
    assert told.said[-1].startswith("Key: ")
    assert "two words" not in told.said[-1]
    assert len(told.tested) == 1


async def test_the_kept_key_is_tested_without_being_kept_anew(made: Make) -> None:
    access, told = made(XAI, Secret("kept-key"))
    access.test("")
    access.on_tested(None, "The key works.")
    assert told.tested == [("xai", "kept-key")]
    assert told.said[-1] == "The key works."
    assert told.used == []


async def test_each_profile_has_its_own_key(made: Make) -> None:
    secrets.store_unprotected(OWN.name, Secret("key-of-gateway"))
    access, told = made(XAI, Secret("key-of-xai"))
    access.show(OWN)
    await until(lambda: told.used)
    access.show(XAI)
    access.show(SANDBOX)
    assert told.used == [("gateway.example", "key-of-gateway"), ("xai", "key-of-xai"), ("sandbox", "")]
    access.show(OWN)
    access.forget()
    await until(lambda: access.used is SANDBOX)
    assert access.kept is None
    assert not secrets.file().exists()
    assert told.said[-1] == "The key of Gateway is forgotten; the Sandbox is used."


async def test_a_key_found_late_does_not_undo_what_the_person_chose_meanwhile(made: Make) -> None:
    secrets.store_unprotected(XAI.name, Secret("key-of-xai"))
    access, told = made()
    access.look_for(XAI, None, is_firm=False)
    access.show(SANDBOX)
    await asyncio.sleep(0.2)
    assert told.used == [("sandbox", "")]
    access, told = made()
    access.look_for(XAI, None, is_firm=False)
    await until(lambda: told.used)
    assert told.used == [("xai", "key-of-xai")]
    assert told.chosen == []


async def test_a_chosen_profile_without_a_key_is_told_of_and_an_unchosen_one_is_not(made: Make) -> None:
    access, told = made()
    access.look_for(OWN, None, is_firm=True)
    await until(lambda: told.missing)
    assert isinstance(told.missing[0], ConfigurationError)
    assert "There is no key for Gateway: the Sandbox is used." in told.missing[0].sentences
    access, told = made()
    access.look_for(XAI, None, is_firm=False)
    access.look_for(OWN, Secret("spare"), is_firm=True)
    await until(lambda: told.used)
    assert (told.used, told.missing) == ([("gateway.example", "spare")], [])
