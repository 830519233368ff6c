"""Markup to test with: pieces that hostile and broken feeds are made of, and what must never come out."""

from hypothesis import strategies as st
from lxml import html as parser

from aggregator.text.html.elements import ALLOWED, ATTRIBUTES

NAMES = (
    "p div b i a em font span table tr td ul li pre br img hr iframe script style svg math form input button "
    "select option textarea noscript video source audio object embed title template figure figcaption h1 "
    "blockquote xmp noembed noframes plaintext frameset frame base meta link center main marquee ruby rt "
    "mglyph foreignObject"
)
ATTRIBUTE_TEXTS = (
    ' href="/x"',
    " href=javascript:alert(1)",
    " href='&#106;avascript:x'",
    ' src="x.png"',
    " src=data:text/html,x",
    ' onclick="x()"',
    ' style="width:1px"',
    " width=1 height=1",
    ' data-src="//cdn.example/a.jpg"',
    ' title="<b>&quot;"',
    " href='java\tscript:x'",
    " class=x id=y",
    ' alt="&nbsp;\'"',
    " xlink:href=x",
    ' lang="de"',
    " /",
    ' srcset="a.png 2x"',
)

tags = st.builds(
    lambda slash, name, attributes, end: f"<{slash}{name}{''.join(attributes)}{end}",
    st.sampled_from(["", "", "/"]),
    st.sampled_from(NAMES.split()),
    st.lists(st.sampled_from(ATTRIBUTE_TEXTS), max_size=3),
    st.sampled_from([">", ">", "/>", "", " >"]),
)
texts = st.sampled_from(
    [
        "word ",
        " ",
        "\n",
        "&nbsp;",
        "&lt;b&gt;",
        "&amp;amp;",
        "&#x1;",
        "<!-- c -->",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "\x00",
        "\x0b",
        "\x92",
        "\ud800",
        "\ufffe",
        "日本",
        "&#146;",
        "<",
        ">",
        '"',
        "</",
        "<a",
        "&#13;",
    ]
)
markups = st.lists(st.one_of(tags, texts, st.text(max_size=5)), max_size=25).map("".join)


def assert_harmless(markup: str) -> None:
    """Judged by a second parser: nothing but the allow-list, and no address that is not http(s) or mailto."""
    assert all(
        c in "\t\n" or (" " <= c <= "\ud7ff") or (c >= "\ue000" and c not in "\ufffe\uffff") for c in markup
    )
    if not markup.strip():
        return
    for element in parser.fragment_fromstring(markup, create_parent="x-root").iter():
        if element.tag == "x-root":
            continue
        assert element.tag in ALLOWED, f"{element.tag} in {markup[:200]}"
        for name, value in element.attrib.items():
            assert name in {"rel", *ATTRIBUTES["*"], *ATTRIBUTES.get(str(element.tag), ())}, name
            if name in ("href", "src", "cite"):
                schemes = ("http://", "https://", "mailto:") if name == "href" else ("http://", "https://")
                assert value.startswith(schemes), value
