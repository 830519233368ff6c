"""A configuration as an editor writes it, with every key and comments wherever they may stand."""

from aggregator.config import load_text
from aggregator.model import Item
from aggregator.topics import compile_rules

EXAMPLE = """
# yaml-language-server: $schema=sources.schema.json
site:
  title: Harbour Wire
  url: https://harbour.example.org/     # where it is reachable
  contact: desk@example.org
  language: en
  timezone: UTC

hub: on                                 # pushes to whoever subscribes

polling:
  wait: 30m to 24h                      # the schedule adapts
  requests: 2000 per hour
  per-host: {at-once: 2, pause: 1s}
  allow-private: []                     # e.g. [127.0.0.0/8]
  push: yes                             # hubs may push what is new

sources:
  the-gazette: https://gazette.example.org/feed/     # short form
  river-post:
    title: River Post
    feed: https://river.example.org/feed/
    page: https://river.example.org/
    republish: full                     # title, excerpt or full
    license: https://creativecommons.org/licenses/by-nc-sa/4.0/
    permission: granted 2026-03-02 by their desk
    pictures: no
    topics: [rivers]                    # given to every item
    weight: 2
    priority: 10
    only: category:world OR category:peace
    skip: title:podcast
    headers: {Authorization: "Bearer ${TOKEN}"}
    private: true

lists:
  states: |                             # a word or phrase a line
    Freedonia
    Grand Fenwick*                      # and its people
    =UK

topics:
  rivers:
    match: |
      river*
  the-duke:
    title: The Duke
    description: …
    match: |                            # a query a line
      title:"duke of fenwick"
      2 points: "duke of fenwick"
      1 point each: "duke duchess"      # for every occurrence
    points-needed: 2
    only-if: list:states
    strike-out: |                       # removed before anything is matched
      duke of fenwick's cousin
    implies: [rivers]
    was: [duke]
    examples:
      match: |
        Duke of Fenwick’s annual address opens the river of Freedonia
      not: |
        The Duke of Fenwick’s cousin, and a noodle bar in the UK
"""


def test_an_example_with_every_key_and_comments_behind_queries_loads() -> None:
    config = load_text(EXAMPLE, {"TOKEN": "s3cret"}, "sources.yaml")
    rules = compile_rules(config.topics, config.lists)
    item = Item(
        "the-gazette", "1", title="Duke–Duchess talks on Freedonia", text="The duke, duchess? Duke Duchess"
    )
    assert {tag.topic: tag.points for tag in rules.tag(item)} == {"the-duke": 2, "rivers": 0}
