"""Shortcodes are instructions to the outlet's system, no words; other brackets are words."""

import pytest

from aggregator.parse import shortcodes


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('[caption id="attachment_9" width="300"]Reeds at noon[/caption]', "Reeds at noon"),
        ('[vc_row][vc_column width="1/2"]The snow is deep.[/vc_column][/vc_row]', "The snow is deep."),
        ('Before [gallery ids="1,2,3"] after', "Before  after"),
        ("[time-brightcove not-tgx=”true”] The talks began.", "The talks began."),
        ("[embed]https://video.example/1[/embed]", "https://video.example/1"),
        ("[youtube https://video.example/1]", ""),
        ("[et_pb_section bb_built=″1″ fullwidth='off'/]Text", "Text"),
        ('[contact-form-7 id=12 title="Write to us"]', ""),
        ("<p>[gallery]</p>\n<p>Text</p>", "<p>Text</p>"),
        ("[b]Snow[/b] fell, says [url=https://fells.example]the hut[/url]", "Snow fell, says the hut"),
        ("<p>[video]</p>\n<p>Text</p>", "<p>Text</p>"),
        ("[youtube=https://video.example/1] Text", "Text"),
        ("[time-brightcove] Text [ad#top]", "Text"),
    ],
)
def test_a_shortcode_goes_and_what_it_encloses_stays(written: str, text: str) -> None:
    assert shortcodes.removed(written) == text


@pytest.mark.parametrize(
    "written",
    [
        "He said [sic] it.",
        "[1] [2] [a]",
        "[Editor's note: this was corrected]",
        "[…] and [...]",
        "[He] came [later] that day",
        "[[gallery]] is how to write it",
        '<code>[gallery ids="1"]</code>',
        "<pre>[vc_row]x[/vc_row]</pre>",
        "a[i] = b[j]",
        "See the speech [video] and the song [video below]",
        "an [ad hominem] in [column 2]",
        "[x = 1]",
    ],
)
def test_other_brackets_are_words(written: str) -> None:
    assert shortcodes.removed(written) == written
