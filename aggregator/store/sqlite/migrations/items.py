"""The first steps: sources, items, stories, feeds, tags, the index of searches."""

import json

from sqlite_utils import Database

from aggregator import polling
from aggregator.store.sqlite.migrations.schema import APPLICATION_ID, SCHEMA, run

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


@SCHEMA(name="0001 sources, items, stories, feeds and the log of polls")
def first(db: Database) -> None:
    """Everything the first release keeps."""
    run(db, _FIRST)


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
        host = polling.host(json.loads(text).get("url", ""))
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
