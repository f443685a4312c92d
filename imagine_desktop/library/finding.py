"""Finds the pictures of a sight, in order, with the sections they fall into.

SQLite hands over all ids as one JSON text: it works without Python's lock meanwhile, and at 100,000 pictures
that takes half as long as a row for each. An aggregate takes the rows in the order that its subquery gives.
"""

import json
import sqlite3
import time
from array import array
from collections.abc import Iterator
from itertools import groupby

import msgspec

from imagine_desktop.domain.sight import Filter, Found, Headers, ScopeKind, Section, Sight
from imagine_desktop.library import texts

_LATEST_S = 32_503_680_000  # the year 3000: Windows tells no later time
_INDEXED = 3  # characters that a word needs to be looked up
_MOST_INDEXED = 100  # of a word, and of words; what is beyond is compared
_FEW = 2000  # texts: their pictures are read one by one, and sorted, rather than all in order

_LOOK_UP = "SELECT json_group_array(rowid) FROM words WHERE words MATCH :phrases"
# LIKE is twice as fast as instr(), and must be: words of one or two letters are compared with every text.
_COMPARE = """
SELECT json_group_array(id) FROM texts WHERE folded LIKE :short ESCAPE '\\' AND folded LIKE :shorter ESCAPE '\\'
"""
_AMONG_LOOKED_UP = " AND id IN (SELECT rowid FROM words WHERE words MATCH :phrases)"
_AND_THE_REST = " AND NOT EXISTS (SELECT 1 FROM json_each(:rest) WHERE NOT instr(folded, value))"

_PLAIN = "SELECT json_group_array(id) FROM (SELECT p.id AS id FROM "
_WITH_HEADS = "SELECT json_group_array(id), json_group_array(head) FROM (SELECT p.id AS id, "
_DAY = "CAST(t.created AS INTEGER) AS head FROM "
_SESSION = "t.session AS head FROM "
_PICTURES = "pictures p"
_WITH_TURNS = "pictures p CROSS JOIN turns t ON t.id = p.turn"
_BY_TURNS = "turns t CROSS JOIN pictures p ON p.turn = t.id"
_BY_TEXTS = """
json_each(:texts) f CROSS JOIN texts x ON x.id = f.value
CROSS JOIN pictures p ON p.turn = x.turn AND p.text_id = x.id CROSS JOIN turns t ON t.id = p.turn
"""
_SHOWN = " WHERE p.trashed IS NULL AND p.state NOT IN ('not made', 'deleted')"
# The plus keeps SQLite off the index of all that is shown: that of the stars is the shorter way.
_SHOWN_BY_STAR = " WHERE +p.trashed IS NULL AND p.state NOT IN ('not made', 'deleted')"
_TROUBLED = " WHERE p.trashed IS NULL AND p.state IN ('withheld', 'lost', 'not made')"
_IN_TRASH = " WHERE p.trashed IS NOT NULL AND p.state != 'deleted'"
_TROUBLED_IN_TRASH = " WHERE p.trashed IS NOT NULL AND p.state IN ('withheld', 'lost', 'not made')"
_OF_TEXTS = " AND p.text_id IN (SELECT value FROM json_each(:texts))"
_OF_SESSION = " AND t.session = :scope"
_STARRED = " AND p.is_starred"
_COLLECTED = " AND p.id IN (SELECT picture FROM members WHERE collection = :scope)"
_FILTERED = """
AND (:since IS NULL OR t.created >= :since) AND (:until IS NULL OR t.created < :until)
AND (:models IS NULL OR t.model IN (SELECT value FROM json_each(:models)))
AND (:ratios IS NULL OR t.aspect_ratio IN (SELECT value FROM json_each(:ratios)))
AND (:origins IS NULL OR
     CASE WHEN t.imported_from IS NOT NULL THEN 'imported'
          WHEN EXISTS (SELECT 1 FROM turn_sources WHERE turn = t.id) THEN 'edited'
          ELSE 'generated' END IN (SELECT value FROM json_each(:origins)))
"""
_NEWEST_TURN_FIRST = " ORDER BY p.turn DESC, p.position LIMIT :most)"
_NEWEST_SESSION_FIRST = " ORDER BY t.session DESC, t.id DESC, p.position LIMIT :most)"
_NAMES = "SELECT id, name FROM sessions WHERE id IN (SELECT value FROM json_each(?))"
_DECODER = msgspec.json.Decoder(list[int])


def find(
    db: sqlite3.Connection, sight: Sight, headers: Headers = Headers.NONE, most: int | None = None
) -> Found:
    """What to show, the first `most` of it. Any words may be asked for; what no text can hold finds nothing.

    At 100,000 pictures the first thousand that hold a common word take a third of the time of them all.
    """
    found_texts = _texts(db, sight.words)
    if found_texts == []:
        return Found()
    scope, limits = sight.scope.kind, sight.filter
    is_few = found_texts is not None and len(found_texts) < _FEW
    is_filtered = limits.since is not None or limits.until is not None or bool(_sets(limits))
    is_starred = scope is ScopeKind.STARRED or limits.is_starred
    by_session = scope is ScopeKind.SESSION or headers is Headers.SESSION
    sql = _PLAIN if headers is Headers.NONE else _WITH_HEADS
    sql += "" if headers is Headers.NONE else _DAY if headers is Headers.DAY else _SESSION
    if is_few:
        sql += _BY_TEXTS
    elif by_session:
        sql += _BY_TURNS
    else:
        sql += _PICTURES if headers is Headers.NONE and not is_filtered else _WITH_TURNS
    if scope is ScopeKind.TRASH:
        sql += _TROUBLED_IN_TRASH if limits.is_troubled else _IN_TRASH
    else:
        sql += _TROUBLED if limits.is_troubled else _SHOWN_BY_STAR if is_starred else _SHOWN
    sql += _OF_TEXTS if found_texts is not None and not is_few else ""
    sql += _OF_SESSION if scope is ScopeKind.SESSION else _COLLECTED if scope is ScopeKind.COLLECTION else ""
    sql += _STARRED if is_starred else ""
    sql += _FILTERED if is_filtered else ""
    sql += _NEWEST_SESSION_FIRST if by_session else _NEWEST_TURN_FIRST
    values = {
        "texts": json.dumps(found_texts),
        "scope": sight.scope.id,
        "most": -1 if most is None else most,
        "since": limits.since,
        "until": limits.until,
        **dict.fromkeys(("models", "ratios", "origins")),
        **_sets(limits),
    }
    ids, *heads = db.execute(sql, values).fetchone()
    pictures = array("q", _DECODER.decode(ids))
    if headers is Headers.NONE:
        return Found(pictures)
    runs = _DECODER.decode(heads[0])
    return Found(pictures, tuple(_days(runs) if headers is Headers.DAY else _sessions(db, runs)))


def _sets(limits: Filter) -> dict[str, str]:
    """What of a turn has to be among something, as JSON."""
    sets = {"models": limits.models, "ratios": limits.ratios, "origins": limits.origins}
    return {name: json.dumps(sorted(allowed)) for name, allowed in sets.items() if allowed}


def _texts(db: sqlite3.Connection, words: str) -> list[int] | None:
    """The texts that hold every one of the words; None without words."""
    folded = sorted(set(texts.fold(words).split()), key=len, reverse=True)
    if not folded:
        return None
    if any("\0" in word or any("\ud800" <= c <= "\udfff" for c in word) for word in folded):
        return []  # no text holds one, and SQLite would read no further
    long = [word for word in folded if len(word) >= _INDEXED]
    short = [_pattern(word) for word in folded if len(word) < _INDEXED]
    rest = [word for word in long[:_MOST_INDEXED] if len(word) > _MOST_INDEXED] + long[_MOST_INDEXED:]
    rest += [word for word in folded if len(word) < _INDEXED][2:]
    sql = _COMPARE if short or rest else _LOOK_UP
    sql += _AMONG_LOOKED_UP if long and (short or rest) else ""
    sql += _AND_THE_REST if rest else ""
    values = {
        "phrases": " ".join(f'"{_quoted(word[:_MOST_INDEXED])}"' for word in long[:_MOST_INDEXED]),
        "short": short[0] if short else "%",
        "shorter": short[1] if len(short) > 1 else "%",
        "rest": json.dumps(rest),
    }
    [found] = db.execute(sql, values).fetchone()
    return _DECODER.decode(found)


def _quoted(word: str) -> str:
    return word.replace('"', '""')


def _pattern(word: str) -> str:
    return "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def _days(moments: list[int]) -> Iterator[Section]:
    """Runs of pictures of one day."""
    first = begin_s = end_s = 0.0
    count = 0
    for at in moments:
        if not begin_s <= at < end_s:
            if count:
                yield Section.of_day(first, count)
            first, count = float(at), 0
            begin_s, end_s = _day_around(first)
        count += 1
    if count:
        yield Section.of_day(first, count)


def _day_around(moment: float) -> tuple[float, float]:
    """The local day in which a moment lies: where it begins and where the next one does."""
    if not 0 <= moment < _LATEST_S:  # another's database may hold any number
        return moment, moment + 1
    year, month, day, *_ = time.localtime(moment)
    begin_s = time.mktime((year, month, day, 0, 0, 0, 0, 0, -1))
    return begin_s, time.mktime((year, month, day + 1, 0, 0, 0, 0, 0, -1))


def _sessions(db: sqlite3.Connection, runs: list[int]) -> Iterator[Section]:
    names = dict(db.execute(_NAMES, (json.dumps(sorted(set(runs))),)).fetchall())
    for session, pictures in groupby(runs):
        yield Section(names[session], str(session), sum(1 for _ in pictures))
