"""The later steps: archives, the hub, withdrawals, pushes, the names of feeds."""

from sqlite_utils import Database

from aggregator.store.sqlite.migrations.schema import SCHEMA, run

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
    run(db, _ARCHIVES)


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
    run(db, _HUB)


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
    run(db, _RULINGS)


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
    run(db, _PUSHES)


_DUE = """
DROP INDEX sources_due;
CREATE INDEX sources_due ON sources (next_poll, id) WHERE configured AND next_poll IS NOT NULL;
"""


@SCHEMA(name="0011 what is due at one moment, in order")
def due(db: Database) -> None:
    """Claiming some of the many sources that are due at one moment, as after a first start, sorts none."""
    run(db, _DUE)


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
    run(db, _NAMES)


_ARTICLES = """
CREATE TABLE articles_of_stories (
    key TEXT NOT NULL,
    story INTEGER NOT NULL REFERENCES stories (id),
    PRIMARY KEY (key, story)
) WITHOUT ROWID;
INSERT INTO articles_of_stories SELECT key, story FROM articles;
DROP TABLE articles;
ALTER TABLE articles_of_stories RENAME TO articles;
"""


@SCHEMA(name="0013 every story that an id and an address lead to")
def articles(db: Database) -> None:
    """What comes by the id and the address of several stories is compared with each of them."""
    run(db, _ARTICLES)


_PRIORITY = """
ALTER TABLE sources ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE stories ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
"""


@SCHEMA(name="0014 which source leads a story that was not published yet")
def priority(db: Database) -> None:
    """The priority of sources, and the revision of the feed of everything that a story came with."""
    run(db, _PRIORITY)
