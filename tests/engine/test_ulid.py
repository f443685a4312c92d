"""The ids of turns sort in the order in which they were given out."""

import time

import pytest

from imagine_desktop.engine import ulid


def test_ids_of_one_millisecond_sort_as_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)
    given = [ulid.new()]
    for _ in range(1000):
        given.append(ulid.new(after=given[-1]))
    assert given == sorted(set(given))
    assert {len(one) for one in given} == {26}


def test_a_clock_that_is_set_back_does_not_put_a_later_turn_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.0)
    first = ulid.new()
    monkeypatch.setattr(time, "time", lambda: 1_600_000_000.0)
    assert ulid.new() < first < ulid.new(after=first)


def test_the_time_is_read_from_the_first_ten_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_469_918_176.385)
    assert ulid.new().startswith("01ARYZ6S41")  # the specification's example
