"""The elements and attributes of HTML that an article may have, and what becomes of others."""

import re
from collections.abc import Iterator

BLOCKS = frozenset(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 "
    "h6 header hgroup hr li ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
INLINE = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time "
    "tt u var".split()
)
VOID = frozenset("br col embed hr img source wbr".split())

ALLOWED = BLOCKS | INLINE | {"br", "col", "colgroup", "img", "wbr"}
"""The elements that `sanitizer.clean` lets stand."""

ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href", "hreflang", "title"},
    "abbr": {"title"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "details": {"open"},
    "img": {"src", "alt", "title", "width", "height"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
"""The attributes that `sanitizer.clean` lets stand, by element; `*` goes for all. Links get our `rel`."""

RENAMED = {
    **dict.fromkeys("center main nav form fieldset dir menu search".split(), "div"),
    **dict.fromkeys("legend option label button".split(), "span"),
    "acronym": "abbr",
    "strike": "s",
}
PLAYERS = frozenset("x-iframe video audio embed source object".split())
CONTENT_DROPPED = frozenset(
    "script style svg select textarea template applet canvas map x-noembed x-noframes x-annotation "
    "x-annotation-xml".split()
)
MATHS = frozenset(
    "math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose "
    "msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mlabeledtr mtd "
    "maligngroup malignmark maction semantics annotation annotation-xml".split()
)
"""The elements of MathML, of which the letters stay."""
NO_END = VOID | frozenset(
    "area base basefont bgsound frame input keygen link meta param track p li dt dd td th tr thead tbody "
    "tfoot colgroup option optgroup rp rt rb rtc".split()
)
"""Elements whose end tags HTML does not have or does not ask for."""
PHRASES = INLINE | frozenset("img wbr font nobr acronym strike big label basefont blink".split())
"""Elements that stand within a line."""
KNOWN = (
    ALLOWED
    | RENAMED.keys()
    | NO_END
    | PHRASES
    | MATHS
    | frozenset(
        "html head body iframe video audio embed source object picture script style svg title select "
        "textarea template applet canvas map noembed noframes noscript xmp plaintext listing marquee "
        "frameset progress meter output data datalist dialog slot".split()
    )
)
"""The names of elements that HTML has or once had."""
KEPT_EMPTY = frozenset("td th tr tbody thead tfoot table colgroup rp rt".split())

TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)((?: [^\s=>]+=\"[^\"]*\")*)>")
"""One tag as nh3 writes it: "/" of an end tag, name, attributes."""


def pieces(markup: str) -> Iterator[tuple[str, str, str, str]]:
    """(text before a tag, "/" of an end tag, name, attributes) of nh3's output; the last has no name."""
    parts = TAG.split(markup)
    yield from zip(parts[::4], [*parts[1::4], ""], [*parts[2::4], ""], [*parts[3::4], ""], strict=True)
