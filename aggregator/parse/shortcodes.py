"""Shortcodes that an outlet's system left in a text (WordPress's Shortcode API): instructions, no words.

What stands between the ends of one is text. Other brackets (`[sic]`, `[1]`, `[Editor's note: …]`) stay.
"""

import re

_QUOTES = "\"'“”‘’″„«»"
_VALUE = rf"(?:[{_QUOTES}][^\[\]<>{_QUOTES}]{{0,2000}}[{_QUOTES}]|[^\s\[\]<>{_QUOTES}]{{1,500}})"
_ATTRIBUTE = rf"\s+[a-z][\w:-]*\s*=\s*{_VALUE}"
_NAME = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*"
_KNOWN = (  # of WordPress itself and its commonest extensions: these need no attribute
    "gallery|playlist|caption|wp_caption|embed|youtube|vimeo|soundcloud|googlemaps|contact-form|contact-form-7|gravityform|"
    "mc4wp_form|newsletter_form|toc|ez-toc|dropcap|pullquote|one_half|one_third|fusion_builder_container|adrotate|"
    "shareaholic|jetpack-related-posts|jetpack_subscription_form|simple-author-box|time-brightcove|brightcove|jwplayer|"
    "wpvideo|powerpress|mailchimp|slideshow|nextpage|related-posts|inline-related-posts"
)
_WORDS = (  # ordinary words: they are known by a line of their own or by what they are about
    "audio|video|spotify|instagram|twitter|tweet|facebook|newsletter|button|spacer|divider|row|column|columns|ad|ads|"
    "social|share"
)
_PLAYED = (
    "youtube|vimeo|audio|video|tweet|twitter|instagram|facebook|spotify|soundcloud|embed|wpvideo|jwplayer|"
    "googlemaps"
)
_SHORTCODE = re.compile(
    rf"(?<!\[)\[(?:/{_NAME}"  # an end
    rf"|{_NAME}(?:\s+[^\s\[\]<>={_QUOTES}]{{1,200}})*?(?:{_ATTRIBUTE})+(?:\s+[^\s\[\]<>]{{1,200}})*?\s*/?"
    rf"|(?:{_KNOWN})\s*/?"
    rf"|(?:{_PLAYED})(?:\s+|=)(?=[^\s\[\]<>]*[0-9/])[^\s\[\]<>]{{1,500}}\s*/?"
    r"|ads?#[\w-]{1,40}"
    r"|[a-z][a-z0-9]*(?:_[a-z0-9]+)+\s*/?"  # a name with an underscore is nobody's word
    r")\](?!\])"
)
_OWN_LINE = re.compile(
    rf"(?m)(^|<(?:p|div|br|li|td|figure|center)\b[^<>]*>)\s*\[(?:{_WORDS})\s*/?\]\s*(?=$|</(?:p|div|li|td|figure|center)>|<br)"
)
_END = re.compile(rf"\[/({_NAME})\]")
_OPENING = re.compile(rf"(?<!\[)\[({_NAME})(?:=[^\[\]<>]{{1,500}})?\](?!\])")
_CODE = re.compile(r"(?s)(<pre\b.*?</pre>|<code\b.*?</code>|<(?:samp|kbd)\b.*?</(?:samp|kbd)>)")
_EMPTY = re.compile(r"<p>\s*</p>\n?")


def removed(text: str) -> str:
    """A plain text or cleaned markup without shortcodes; those that are shown as code stay."""
    if "[" not in text:
        return text
    parts = _CODE.split(text)  # text, code, text …
    parts[::2] = map(_removed, parts[::2])
    return "".join(parts)


def _removed(text: str) -> str:
    shorter = _OWN_LINE.sub(r"\1", _SHORTCODE.sub("", _without_openings(text)))
    return text if shorter == text else _EMPTY.sub("", shorter).strip()


def _without_openings(text: str) -> str:
    """The text without the names in brackets that it also ends, whatever they are."""
    ended = frozenset(_END.findall(text))
    return _OPENING.sub(lambda found: "" if found[1] in ended else found[0], text) if ended else text
