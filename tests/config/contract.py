"""A configuration that uses every key there is."""

EVERY_KEY = """\
# yaml-language-server: $schema=sources.schema.json
site:
  title: Commons Wire
  url: https://wire.example.org
  contact: desk@example.org
  language: en
  timezone: Asia/Seoul

hub:
  use: on
  sha1-for: [https://old.example.org/callbacks/]
  allow-private: ["fd00::/8"]

polling:
  wait: 30m to 24h
  requests: 2000 per hour
  per-host: {at-once: 3, pause: 0.5s}
  allow-private: [127.0.0.0/8, "fd00::/8"]

sources:
  short: https://short.example.org/feed/
  long:
    title: 1984
    feed: https://desk:pass@long.example.org/feed?key=1#top
    page: https://long.example.org/
    republish: full
    license: https://creativecommons.org/licenses/by-nc-sa/4.0/
    permission: granted 2026-03-02 by their desk
    pictures: yes
    topics: [peace]
    weight: 2.5
    priority: 10
    only: category:world OR category:peace
    skip: title:podcast
    headers: {Authorization: "Bearer ${PARTNER_TOKEN}"}
    private: true
    was: [length, long-ago]
    wait: 12h
    requests: 48 per day
    per-host: {pause: 2s}
    allow-private: []
    push: no

lists:
  states: |
    China
    North Korea*
    =US
  cities: [Seoul, 1.10, no]

topics:
  kim:
    title: Kim Jong Un
    description: He, and
      nobody else
    match: |
      title:"kim jong un"
      2 points: "kim jong un"
    points-needed: 2
    only-if: list:states OR korea
    strike-out: |
      kim jong un's sister
    implies: [north-korea]
    was: [kim-jong-un]
    examples:
      match: |
        Kim Jong Un speaks in Korea

        China hears Kim Jong Un
      not: |
        Kim Kardashian and Jong's noodle bar
  north-korea:
    match: pyongyang
  peace: {}
"""
