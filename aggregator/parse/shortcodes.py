"""Shortcodes that an outlet's system left in a text (WordPress's Shortcode API): instructions, no words.

What stands between the ends of one is text. Other brackets (`[sic]`, `[1]`, `[Editor's note: …]`) stay.
"""

import re

_QUOTES = "\"'“”‘’″„«»"
_VALUE = rf"(?:[{_QUOTES}][^\[\]<>{_QUOTES}]{{0,2000}}[{_QUOTES}]|[^\s\[\]<>{_QUOTES}]{{1,500}})"
_ATTRIBUTE = rf"\s+[a-z][\w:-]*\s*=\s*{_VALUE}"
_NAME = r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*"
_KNOWN = (  # of WordPress itself and its commonest extensions: these need no attribute
    "audio|video|gallery|playlist|caption|wp_caption|embed|youtube|vimeo|soundcloud|spotify|instagram|twitter|tweet|"
    "facebook|googlemaps|contact-form|contact-form-7|gravityform|mc4wp_form|newsletter|newsletter_form|toc|ez-toc|"
    "button|spacer|divider|dropcap|pullquote|row|column|columns|one_half|one_third|fusion_builder_container|ad|ads|"
    "adrotate|shareaholic|jetpack-related-posts|jetpack_subscription_form|simple-author-box|social|share"
)
_SHORTCODE = re.compile(
    rf"(?<!\[)\[(?:/{_NAME}"  # an end
    rf"|{_NAME}(?:\s+[^\s\[\]<>={_QUOTES}]{{1,200}})*?(?:{_ATTRIBUTE})+(?:\s+[^\s\[\]<>]{{1,200}})*?\s*/?"
    rf"|(?:{_KNOWN})(?:\s+(?:https?:)?[^\s\[\]<>]{{1,500}})?\s*/?"
    r"|[a-z][a-z0-9]*(?:_[a-z0-9]+)+\s*/?"  # a name with an underscore is nobody's word
    r")\](?!\])"
)
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
    shorter = _SHORTCODE.sub("", text)
    return text if shorter == text else _EMPTY.sub("", shorter).strip()
