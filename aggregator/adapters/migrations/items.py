"""The tables of the store, step by step (docs/store.md); a step that was released never changes."""

import json

from sqlite_utils import Database, Migrations

from aggregator import schedule

APPLICATION_ID = 0x41474752  # "AGGR": SQLite's mark of whose database a file is
SCHEMA = Migrations("aggregator")

_FIRST = f"""
PRAGMA application_id = {APPLICATION_ID};

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    feed TEXT NOT NULL,
    configured INTEGER NOT NULL DEFAULT 1,
    generation INTEGER NOT NULL DEFAULT 0,
    lease_until INTEGER,
    next_poll INTEGER,
    memory TEXT NOT NULL
);
CREATE INDEX sources_due ON sources (next_poll) WHERE configured AND next_poll IS NOT NULL;
CREATE INDEX sources_leased ON sources (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE polls (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    entry TEXT NOT NULL
);
CREATE INDEX polls_source ON polls (source, id);

CREATE TABLE stories (
    id INTEGER PRIMARY KEY,
    published_id TEXT NOT NULL UNIQUE,
    lead INTEGER NOT NULL UNIQUE REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL REFERENCES sources (id),
    key TEXT NOT NULL,
    story INTEGER NOT NULL REFERENCES stories (id),
    hash TEXT NOT NULL,
    published INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    listed INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    rules TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    tags TEXT NOT NULL,
    item TEXT NOT NULL,
    UNIQUE (source, key)
);
CREATE INDEX items_story ON items (story);
CREATE INDEX items_url ON items (url) WHERE url != '';

CREATE TABLE articles (
    key TEXT PRIMARY KEY,
    story INTEGER NOT NULL REFERENCES stories (id)
) WITHOUT ROWID;

CREATE TABLE listing (
    feed TEXT NOT NULL,
    listed INTEGER NOT NULL,
    id TEXT NOT NULL,
    story INTEGER NOT NULL REFERENCES stories (id),
    changed INTEGER NOT NULL,
    PRIMARY KEY (feed, listed DESC, id)
) WITHOUT ROWID;
CREATE INDEX listing_changed ON listing (feed, changed DESC, listed DESC, id, story);
CREATE INDEX listing_story ON listing (story);

CREATE TABLE feeds (
    name TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    published_revision INTEGER NOT NULL DEFAULT 0,
    since INTEGER NOT NULL,
    fingerprint TEXT,
    updated INTEGER,
    next_change INTEGER
) WITHOUT ROWID;
CREATE INDEX feeds_behind ON feeds (since) WHERE revision > published_revision;
CREATE INDEX feeds_clock ON feeds (next_change) WHERE next_change IS NOT NULL;
"""


def _run(db: Database, script: str) -> None:
    """Each statement by itself: `executescript` would end the transaction that the step stands in."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


@SCHEMA(name="0001 sources, items, stories, feeds and the log of polls")
def first(db: Database) -> None:
    """Everything the first release keeps."""
    _run(db, _FIRST)


@SCHEMA(name="0002 an index to find titles in")
def titles(db: Database) -> None:
    """Lets a search for words of a title read the titles alone, not whole items (decision 070)."""
    db.execute("CREATE INDEX items_title ON items (title, story)")


@SCHEMA(name="0003 what the desk decided, and which rules tagged what")
def decisions(db: Database) -> None:
    """Decisions with the stories they are about; an index to what other rules tagged."""
    db.execute(
        """CREATE TABLE decisions (
            item TEXT NOT NULL,
            url TEXT NOT NULL,
            topic TEXT NOT NULL,
            belongs INTEGER NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (item, topic)
        ) WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE subjects (
            story INTEGER NOT NULL REFERENCES stories (id),
            item TEXT NOT NULL,
            PRIMARY KEY (story, item)
        ) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX items_rules ON items (rules, source, published)")


@SCHEMA(name="0004 an index to search in")
def search(db: Database) -> None:
    """The tokens of items without their texts, and which item stands at which place of the index."""
    db.execute(
        """CREATE VIRTUAL TABLE search USING fts5 (
            title, text, author, category, url, marks,
            content = '', columnsize = 0, detail = column, tokenize = 'ascii'
        )"""
    )
    db.execute(
        """CREATE TABLE search_places (
            place INTEGER PRIMARY KEY,
            item INTEGER NOT NULL UNIQUE,
            published INTEGER
        )"""
    )


@SCHEMA(name="0005 hosts that asked for no requests")
def hosts(db: Database) -> None:
    """Which host each source is read at, and until when a host wants nobody to ask (429)."""
    db.execute("ALTER TABLE sources ADD COLUMN host TEXT NOT NULL DEFAULT ''")
    for id, text in db.execute("SELECT id, memory FROM sources").fetchall():
        host = schedule.host(json.loads(text).get("url", ""))
        db.execute("UPDATE sources SET host = ? WHERE id = ?", (host, id))
    db.execute("CREATE INDEX sources_host ON sources (host)")
    db.execute("CREATE TABLE blocks (host TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID")


@SCHEMA(name="0006 entries that could not be published")
def quarantine(db: Database) -> None:
    """Which version of an entry is left out of all documents, and why."""
    db.execute(
        """CREATE TABLE quarantine (
            entry TEXT PRIMARY KEY,
            version TEXT NOT NULL,
            sentence TEXT NOT NULL,
            since INTEGER NOT NULL
        ) WITHOUT ROWID"""
    )


_ARCHIVES = """
CREATE TABLE parts (
    id INTEGER PRIMARY KEY,
    feed TEXT NOT NULL,
    number INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    printed INTEGER NOT NULL DEFAULT 0,
    urgent INTEGER NOT NULL DEFAULT 0,
    edition TEXT NOT NULL DEFAULT '',
    UNIQUE (feed, number)
);
CREATE INDEX parts_behind ON parts (urgent DESC, id DESC) WHERE revision > printed;
CREATE INDEX parts_unprinted ON parts (feed, number) WHERE printed = 0;

CREATE TABLE sealed (
    part INTEGER NOT NULL REFERENCES parts (id),
    story INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    PRIMARY KEY (part, story)
) WITHOUT ROWID;
CREATE INDEX sealed_story ON sealed (story);

ALTER TABLE listing ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE listing ADD COLUMN backfill INTEGER NOT NULL DEFAULT 0;
CREATE INDEX listing_unsealed ON listing (feed, backfill, listed, id) WHERE sealed = 0;

CREATE TRIGGER items_leave_parts AFTER DELETE ON items BEGIN
    UPDATE parts SET revision = revision + 1, urgent = 1
        WHERE id IN (SELECT part FROM sealed WHERE story = OLD.story); END
"""


@SCHEMA(name="0007 archives in sealed parts")
def archives(db: Database) -> None:
    """The parts of each feed's archive, and the stories in them; a deleted item's are printed anew."""
    _run(db, _ARCHIVES)


_HUB = """
CREATE TABLE hub_calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    mode TEXT NOT NULL,
    topic TEXT NOT NULL,
    address TEXT NOT NULL,
    callback TEXT NOT NULL,
    host TEXT NOT NULL,
    asker TEXT NOT NULL,
    secret TEXT NOT NULL,
    lease INTEGER NOT NULL,
    reason TEXT NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, callback)
);
CREATE INDEX hub_calls_due ON hub_calls (due);

CREATE TABLE hub_subscriptions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    address TEXT NOT NULL,
    callback TEXT NOT NULL,
    host TEXT NOT NULL,
    asker TEXT NOT NULL,
    secret TEXT NOT NULL,
    until INTEGER NOT NULL,
    due INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    UNIQUE (topic, callback)
);
CREATE INDEX hub_subscriptions_due ON hub_subscriptions (due) WHERE due IS NOT NULL;
CREATE INDEX hub_subscriptions_until ON hub_subscriptions (until);

CREATE TABLE hub_documents (
    id INTEGER PRIMARY KEY,
    body BLOB NOT NULL
);

CREATE TABLE hub_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription INTEGER NOT NULL REFERENCES hub_subscriptions (id),
    document INTEGER NOT NULL REFERENCES hub_documents (id)
);
CREATE INDEX hub_deliveries_subscription ON hub_deliveries (subscription, id);
CREATE INDEX hub_deliveries_document ON hub_deliveries (document);

CREATE TABLE hub_announced (
    feed TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    lately TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE hub_pings (
    topic TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    due INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER
) WITHOUT ROWID;
"""


@SCHEMA(name="0008 the hub: requests, subscriptions, deliveries")
def hub(db: Database) -> None:
    """What subscribers asked for, what waits for them, and how far the news of each feed were announced."""
    _run(db, _HUB)


_RULINGS = """
CREATE TABLE rulings (
    kind TEXT NOT NULL,
    item TEXT NOT NULL,
    topic TEXT NOT NULL,
    url TEXT NOT NULL,
    until INTEGER,
    silent INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (kind, item, topic)
) WITHOUT ROWID;

CREATE TABLE retractions (
    id INTEGER PRIMARY KEY,
    published_id TEXT NOT NULL,
    published INTEGER NOT NULL,
    at INTEGER NOT NULL,
    ruling TEXT NOT NULL,
    silent INTEGER NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX retractions_ruling ON retractions (ruling);

CREATE TABLE tombstones (
    feed TEXT NOT NULL,
    at INTEGER NOT NULL,
    retraction INTEGER NOT NULL REFERENCES retractions (id) ON DELETE CASCADE,
    PRIMARY KEY (feed, at DESC, retraction)
) WITHOUT ROWID;
CREATE INDEX tombstones_retraction ON tombstones (retraction);

CREATE TABLE barred (
    mark TEXT NOT NULL,
    ruling TEXT NOT NULL,
    PRIMARY KEY (mark, ruling)
) WITHOUT ROWID;
CREATE INDEX barred_ruling ON barred (ruling);

CREATE TABLE carriers (
    ruling TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (ruling, source)
) WITHOUT ROWID;

CREATE TABLE deletions (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    retraction INTEGER REFERENCES retractions (id) ON DELETE SET NULL,
    PRIMARY KEY (source, key)
) WITHOUT ROWID;
CREATE INDEX deletions_retraction ON deletions (retraction) WHERE retraction IS NOT NULL;

ALTER TABLE feeds ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
UPDATE feeds SET gone = 1 WHERE fingerprint IS NULL AND published_revision > 0;
"""


@SCHEMA(name="0009 what was withdrawn, what is held and pinned, and which feeds have ended")
def rulings(db: Database) -> None:
    """The desk's rulings about items; what was taken out without its text; feeds that answer 410."""
    _run(db, _RULINGS)


_PUSHES = """
CREATE TABLE pushes (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL REFERENCES sources (id),
    due INTEGER NOT NULL,
    subscription TEXT NOT NULL
);
CREATE INDEX pushes_source ON pushes (source);
CREATE INDEX pushes_due ON pushes (due);

CREATE TABLE pushed (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL REFERENCES sources (id),
    at INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    doubt TEXT NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX pushed_source ON pushed (source, size);
"""


@SCHEMA(name="0010 hubs that push to us, and what they pushed")
def pushes(db: Database) -> None:
    """Our subscriptions at the hubs of sources; what was pushed waits here until it is taken in."""
    _run(db, _PUSHES)


_DUE = """
DROP INDEX sources_due;
CREATE INDEX sources_due ON sources (next_poll, id) WHERE configured AND next_poll IS NOT NULL;
"""


@SCHEMA(name="0011 what is due at one moment, in order")
def due(db: Database) -> None:
    """Claiming some of the many sources that are due at one moment, as after a first start, sorts none."""
    _run(db, _DUE)


_NAMES = """
ALTER TABLE feeds ADD COLUMN begun INTEGER;
ALTER TABLE feeds ADD COLUMN ended INTEGER;
ALTER TABLE feeds ADD COLUMN filling INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN definition TEXT NOT NULL DEFAULT '';
UPDATE feeds SET begun = 0 WHERE fingerprint IS NOT NULL OR gone;

CREATE TABLE renames (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    earlier TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);

CREATE TABLE identities (
    name TEXT PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE
) WITHOUT ROWID;
"""


@SCHEMA(name="0012 which feeds were renamed, have ended, or are being filled")
def names(db: Database) -> None:
    """Earlier names of feeds, and ids that are not made of the name; since when one has no configuration."""
    _run(db, _NAMES)


def unknown_steps(db: Database) -> tuple[str, ...]:
    """Steps that were taken by a version of this program newer than this one."""
    with Database(memory=True, execute_plugins=False) as empty:
        known = {step.name for step in SCHEMA.pending(empty)}
    return tuple(step.name for step in SCHEMA.applied(db) if step.name not in known)
