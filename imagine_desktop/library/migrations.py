"""The database's tables: what each version of them adds to the one before."""

_FIRST = """
CREATE TABLE sessions(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created REAL NOT NULL
) STRICT;
CREATE TABLE turns(
    id TEXT PRIMARY KEY,              -- a ULID
    session INTEGER NOT NULL REFERENCES sessions,
    created REAL NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('queued', 'sending', 'not sent', 'waiting', 'rejected', 'charged',
                                        'charged, no image', 'unknown')),
    prompt TEXT NOT NULL,
    model TEXT NOT NULL,
    aspect_ratio TEXT NOT NULL,
    resolution TEXT NOT NULL,
    quality TEXT,
    count INTEGER NOT NULL,
    delivery TEXT NOT NULL,
    profile TEXT NOT NULL,
    is_counted INTEGER NOT NULL,      -- 0: the sandbox's, shown and never counted as spent
    estimate_ticks INTEGER NOT NULL,
    cost_ticks INTEGER,
    cost_source TEXT,                 -- 'usage': the API said so; 'estimate': by the catalogue's prices
    attempt INTEGER NOT NULL DEFAULT 0,
    sent_at REAL,
    done_at REAL,
    http_status INTEGER,
    x_request_id TEXT,
    model_served TEXT,
    retry_of TEXT REFERENCES turns,
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX turns_by_session ON turns(session, id);
CREATE INDEX turns_unfinished ON turns(state) WHERE state IN ('queued', 'sending', 'waiting', 'unknown');
CREATE TABLE turn_sources(
    turn TEXT NOT NULL REFERENCES turns,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK(kind IN ('picture', 'file', 'address')),
    name TEXT NOT NULL,
    picture INTEGER REFERENCES pictures,
    frozen TEXT,                      -- the exact bytes taken from a file, relative to the folder
    PRIMARY KEY(turn, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_by_picture ON turn_sources(picture) WHERE picture IS NOT NULL;
CREATE TABLE pictures(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    turn TEXT NOT NULL REFERENCES turns,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('pending', 'saved', 'withheld', 'lost', 'not made')),
    created REAL NOT NULL,
    url TEXT,
    path TEXT,                        -- relative to the folder
    mime TEXT,
    sha256 TEXT,
    bytes INTEGER NOT NULL DEFAULT 0,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    cost_ticks INTEGER,
    note TEXT NOT NULL DEFAULT '',
    UNIQUE(turn, position)
) STRICT;
CREATE INDEX pictures_pending ON pictures(turn) WHERE state = 'pending';
CREATE TABLE events(
    seq INTEGER PRIMARY KEY,
    turn TEXT NOT NULL,
    at REAL NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TABLE thumbnails(
    picture INTEGER PRIMARY KEY REFERENCES pictures,
    small BLOB NOT NULL,
    large BLOB NOT NULL
) STRICT;
"""
# Day and month are summed up before every paid request: at 50,000 turns in 0.3 ms by this index, without in 26.
_EXPENSES = """
CREATE INDEX turns_by_expense ON turns(COALESCE(sent_at, created)) WHERE is_counted;
"""

# What a lost answer is found by: the API's id of a deferred request, and the pictures' copies in its Files.
_TRACES = """
ALTER TABLE turns ADD COLUMN provider_id TEXT;
ALTER TABLE turns ADD COLUMN is_stored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN file_id TEXT;
CREATE INDEX pictures_with_copies ON pictures(id) WHERE file_id IS NOT NULL;
"""
# When a saved picture was last found to be what was delivered, and how its file looked then.
_CHECKS = """
CREATE TABLE checks(
    picture INTEGER PRIMARY KEY REFERENCES pictures,
    checked REAL NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL
) STRICT;
"""
# The prompt that the API made of the person's, where it tells.
_REVISED = "ALTER TABLE pictures ADD COLUMN revised_prompt TEXT NOT NULL DEFAULT '';"

# A person's own pictures: what their turn stands for instead of a request, and what tells a second copy.
_IMPORTS = """
ALTER TABLE turns ADD COLUMN imported_from TEXT;
CREATE INDEX pictures_by_content ON pictures(sha256) WHERE sha256 IS NOT NULL;
"""

# A person's own order: stars, notes, collections, trash, saved searches; and what a search looks through.
# The table of pictures is made anew, as SQLite describes it, because a CHECK cannot be changed.
_CURATION = """
CREATE TABLE pictures_new(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    turn TEXT NOT NULL REFERENCES turns,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('pending', 'saved', 'withheld', 'lost', 'not made', 'deleted')),
    created REAL NOT NULL,
    url TEXT,
    file_id TEXT,
    path TEXT,                        -- relative to the folder
    mime TEXT,
    sha256 TEXT,
    bytes INTEGER NOT NULL DEFAULT 0,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    cost_ticks INTEGER,
    reason TEXT NOT NULL DEFAULT '',  -- why its state is what it is
    revised_prompt TEXT NOT NULL DEFAULT '',
    is_starred INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',    -- the person's
    trashed REAL,                     -- when it went to the trash; and 'deleted': its files are to go
    text_id INTEGER,                  -- what is searched of it, in texts
    UNIQUE(turn, position)
) STRICT;
INSERT INTO pictures_new(id, turn, position, state, created, url, file_id, path, mime, sha256, bytes, width,
                         height, cost_ticks, reason, revised_prompt)
    SELECT id, turn, position, state, created, url, file_id, path, mime, sha256, bytes, width, height,
           cost_ticks, note, revised_prompt FROM pictures ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'pictures_new';
INSERT INTO sqlite_sequence SELECT 'pictures_new', seq FROM sqlite_sequence WHERE name = 'pictures';
DROP TABLE pictures;
ALTER TABLE pictures_new RENAME TO pictures;
CREATE INDEX pictures_pending ON pictures(turn) WHERE state = 'pending';
CREATE INDEX pictures_with_copies ON pictures(id) WHERE file_id IS NOT NULL;
CREATE INDEX pictures_by_content ON pictures(sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX pictures_starred ON pictures(turn DESC, position) WHERE is_starred;
CREATE INDEX pictures_troubled ON pictures(turn DESC, position) WHERE state IN ('withheld', 'lost', 'not made');
CREATE INDEX pictures_trashed ON pictures(turn DESC, position) WHERE trashed IS NOT NULL;
CREATE TABLE collections(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created REAL NOT NULL
) STRICT;
CREATE TABLE members(
    collection INTEGER NOT NULL REFERENCES collections,
    picture INTEGER NOT NULL REFERENCES pictures,
    PRIMARY KEY(collection, picture)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_picture ON members(picture);
CREATE TABLE searches(
    name TEXT PRIMARY KEY,
    sight TEXT NOT NULL               -- as JSON
) STRICT, WITHOUT ROWID;

-- One text for all pictures of a turn (picture IS NULL), and one for each that has a note, which holds both.
-- Folded: without regard to upper and lower case. Triggers may not write into a virtual table where the schema
-- is not trusted, so they tell what has changed, and every transaction of ours ends by looking there.
CREATE TABLE texts(
    id INTEGER PRIMARY KEY,
    turn TEXT NOT NULL REFERENCES turns,
    picture INTEGER REFERENCES pictures,
    folded TEXT NOT NULL
) STRICT;
CREATE INDEX texts_by_turn ON texts(turn);
CREATE VIRTUAL TABLE words USING
    fts5(folded, content=texts, content_rowid=id, tokenize='trigram case_sensitive 1');
CREATE TABLE unindexed(turn TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO unindexed SELECT id FROM turns;
"""
# What every new row is looked at for. A rebuild, which adds them all, does without meanwhile.
KEPT_UP = """
CREATE INDEX pictures_shown ON pictures(turn DESC, position, text_id)
    WHERE trashed IS NULL AND state NOT IN ('not made', 'deleted');
CREATE TRIGGER turns_are_searched AFTER INSERT ON turns BEGIN
    INSERT INTO unindexed SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE turn = NEW.id); END;
CREATE TRIGGER changed_turns_are_searched AFTER UPDATE OF prompt, imported_from ON turns
    WHEN NEW.prompt IS NOT OLD.prompt OR NEW.imported_from IS NOT OLD.imported_from BEGIN
    INSERT INTO unindexed SELECT NEW.id WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE turn = NEW.id); END;
CREATE TRIGGER sources_are_searched AFTER INSERT ON turn_sources WHEN NEW.kind = 'file' BEGIN
    INSERT INTO unindexed SELECT NEW.turn WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE turn = NEW.turn); END;
CREATE TRIGGER pictures_are_searched AFTER INSERT ON pictures BEGIN
    INSERT INTO unindexed SELECT NEW.turn WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE turn = NEW.turn); END;
CREATE TRIGGER changed_pictures_are_searched AFTER UPDATE OF note, state ON pictures
    WHEN NEW.note IS NOT OLD.note OR NEW.state IS NOT OLD.state AND 'deleted' IN (NEW.state, OLD.state) BEGIN
    INSERT INTO unindexed SELECT NEW.turn WHERE NOT EXISTS (SELECT 1 FROM unindexed WHERE turn = NEW.turn); END;
"""
NOT_KEPT_UP = """
DROP INDEX pictures_shown;
DROP TRIGGER turns_are_searched;
DROP TRIGGER changed_turns_are_searched;
DROP TRIGGER sources_are_searched;
DROP TRIGGER pictures_are_searched;
DROP TRIGGER changed_pictures_are_searched;
"""

ALL = (_FIRST, _EXPENSES, _TRACES, _CHECKS, _REVISED, _IMPORTS, _CURATION + KEPT_UP)
