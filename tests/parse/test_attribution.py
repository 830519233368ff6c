"""Lines of licence and origin at the ends of a text become the item's rights and credit."""

from html import escape

import pytest

from aggregator.model import Item, Refined, Response, Source
from aggregator.parse import refinement

OWN = ["The ferries sail again from Monday.", "Crews voted by show of hands."]
NOTICE = "Sign up for our daily newsletter."


def read(*lines: str, summary: str = "", entry: str = "") -> Item:
    markup = "".join(f"<p>{line}</p>" for line in lines)
    described = f"<description>{escape(summary)}</description>" if summary else ""
    body = (
        "<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>The Gazette</title><item>"
        f"<guid isPermaLink='false'>a</guid><title>Ferry strike ends</title>{entry}{described}"
        f"<c:encoded>{escape(markup)}</c:encoded></item></channel></rss>"
    )
    found = refinement.refine(
        Source(id="gazette", feed="https://gazette.example/feed"),
        Response("https://gazette.example/feed", 200, (), body.encode()),
    )
    assert isinstance(found, Refined), found
    return found.items[0]


LICENCES = [
    "© 2026 The Gazette. All rights reserved.",
    "© 2019–2026 Ida Moor",
    "Copyright 2026 The Gazette",
    "Copyright © The Gazette, 2026",
    "(c) 2026 by Ida Moor",
    "© The Gazette",
    "This work is licensed under a Creative Commons Attribution 4.0 International License.",
    "This article is republished from Other Paper under a Creative Commons license.",
    "Dieser Artikel steht unter der Lizenz Creative Commons BY-SA 4.0.",
    "Cet article est publié sous licence Creative Commons BY-SA 4.0.",
    "Este artículo se publica bajo licencia Creative Commons.",
    "License: CC BY-NC 4.0",
    "Alle Rechte vorbehalten.",
    "Todos los derechos reservados.",
    "Все права защищены.",
    "版权所有",
]


@pytest.mark.parametrize("line", LICENCES)
def test_a_licence_at_an_end_of_a_text_is_the_rights_of_the_item(line: str) -> None:
    assert read(*OWN, line).rights == line
    assert read(*OWN, NOTICE, line, NOTICE).rights == line
    assert read(NOTICE, f"<em>{line}</em>", *OWN).rights == line


@pytest.mark.parametrize("line", [line for line in LICENCES if line[-1] == "."])
def test_a_licence_behind_the_last_sentence_is_the_rights_too(line: str) -> None:
    assert read(OWN[0], f"{OWN[1]} {line}").rights == line
    assert read(*OWN, summary=f"{OWN[0]} {line}").rights == line


def test_rights_that_the_feed_gives_are_kept() -> None:
    given = "<dc:rights>CC0</dc:rights>"
    assert read(*OWN, "© 2026 The Gazette", entry=given).rights == "CC0"


@pytest.mark.parametrize(
    "line",
    [
        "The © sign was first used in 1802.",
        "Copyright law was changed in March.",
        "Copyright was introduced in 1710 by the Statute of Anne.",
        "© 2026 signs were painted on the bridge.",
        "The book is licensed under the Creative Commons Attribution license.",
        "“Voting” by Cali is licensed under CC BY 2.0.",
        "Creative Commons licences were written in 2002 by lawyers in California.",
        "Published under a pseudonym, the novel sold well.",
        "This site is available to everyone.",
        "© Jane Doe / Reuters",
        "She asked for the right to be reserved.",
    ],
)
def test_a_sentence_of_the_article_about_copyright_is_no_licence(line: str) -> None:
    for item in (read(*OWN, line), read(line, *OWN), read(f"{OWN[0]} {line}")):
        assert (item.rights, line in item.text) == ("", True)


@pytest.mark.parametrize("line", LICENCES)
def test_a_licence_in_the_middle_of_an_article_is_text(line: str) -> None:
    item = read(OWN[0], line, OWN[1])
    assert (item.rights, item.credit, line in item.text) == ("", "", True)


ORIGINS = [
    "This article was originally published on Other Paper.",
    "This story first appeared in Other Paper. Read the original here.",
    "First published by Other Paper",
    "Republished from Other Paper under a Creative Commons licence.",
    "The post Ferry strike ends appeared first on Other Paper.",
    "Dieser Artikel erschien zuerst bei Other Paper.",
    "Este artículo fue publicado originalmente en Other Paper.",
    "Cet article a été initialement publié sur Other Paper.",
    "Questo articolo è stato pubblicato originariamente su Other Paper.",
]


@pytest.mark.parametrize("line", ORIGINS)
def test_where_a_text_first_appeared_is_the_credit_of_the_item(line: str) -> None:
    assert read(*OWN, line).credit == line
    assert read(*OWN, line, NOTICE).credit == line
    assert read(f"<em>{line}</em>", *OWN).credit == line
    assert read(*OWN, line.replace("Other Paper", "The Gazette")).credit == ""


def test_licence_and_origin_may_stand_side_by_side() -> None:
    item = read(*OWN, ORIGINS[0], "© 2026 Ida Moor. All rights reserved.", "Read more")
    assert (item.credit, item.rights) == (ORIGINS[0], "© 2026 Ida Moor. All rights reserved.")
