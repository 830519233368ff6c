"""Tags that a text names rather than uses: “the <script> tag”, `List<String>`, `</kubernetes>`.

Markup has its end tag, or attributes, or needs no end, and it stands close to the words that it marks. What
is left open where a parser of HTML would take all that follows for its content is closed.
"""

import re
from collections import Counter

from aggregator.text.html.elements import CONTENT_DROPPED, KNOWN, NO_END, PHRASES, PLAYERS

TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:._-]*+)(?=[\s/>])((?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
)
"""One whole tag: "/" of an end tag, name, attributes."""
_TOKEN = re.compile(
    rf"<!--(?:-?>|.*?--!?>)|<![a-zA-Z][^<>]*>|{TAG.pattern}|<(?P<odd>/?[a-zA-Z][^<>]*)>|<", re.DOTALL
)
_NAME = re.compile(r"<(/?)([a-z][^\s<>/]*)")
_OPEN_COMMENT = re.compile(r"<!--(?:[^<>\n]*(?=[<>\n])>?)?")
_LATE_NAMES = frozenset({"br", "hr", "wbr", "img"})
_PLAYERS = PLAYERS | {"iframe"}
_SWALLOWING = CONTENT_DROPPED | {"noembed", "noframes", "annotation", "annotation-xml"}
_CODE = frozenset({"script", "style"})
_CODE_ENDS = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|figure|section|article|br|hr|img)(?=[\s/>])|\n\s*\n",
    re.IGNORECASE,
)
_LOOKS_LIKE_CODE = re.compile(r"[{};=]|\w\(")
_RUNS = re.compile(
    r"(?i)[\s\"'/](?:on[a-z]+|src|srcdoc|srcset|href|xlink:href|style|data|(?:form)?action|http-equiv|poster)\s*="
)
_CUT_CODE = re.compile(r"<(?:script|style)[\s/][^<>]*=[^<>]*\Z", re.IGNORECASE)
_RUBY = frozenset({"rt", "rp"})  # of which a text shows nothing
_NO_END = NO_END - _RUBY
_SELF_CLOSED = re.compile(r"(?:^|[\s\"']|\s[a-zA-Z-]+)/$")  # not the end of an unquoted address
_CUT = 200  # characters of markup that may follow where a text was cut
_CAMEL = re.compile("[A-Z][a-z]")
_BEFORE_A_NAME = frozenset(" \t\n\xa0(\"'“‘«`")
_AFTER_A_NAME = frozenset(" \t\n\xa0.,;:!?)\"'”’»`")


def escaped(markup: str) -> str:
    """HTML in which tags that are meant literally are escaped, and nothing open swallows what follows."""
    if "<" not in markup:
        return markup
    closed, rest = _after_comments(markup)
    markup = closed + _OPEN_COMMENT.sub("", rest)
    is_whole = markup.rfind("<") < markup.rfind(">") and markup.count('"') % 2 == 0
    return markup if is_whole and _is_balanced(markup) else _Judgement(markup).written()


def escaped_in_line(markup: str) -> str:
    """The same of a title or name, where any element without end tag and attributes is meant literally."""
    if "<" not in markup:
        return markup
    closed, rest = _after_comments(markup)
    return _Judgement(closed + rest.replace("<!--", "&lt;!--"), in_line=True).written()


def are_harmless(text: str) -> bool:
    """Whether a text has tags, and none of them would do anything in a reader that takes it for HTML."""
    tags = TAG.findall(text)
    is_code = _CODE.intersection(name.lower() for _, name, _ in tags) and _LOOKS_LIKE_CODE.search(text)
    does_run = _RUNS.search(text) or _CUT_CODE.search(text)
    return bool(tags) and not (is_code or does_run or any("=" in given for _, _, given in tags))


def _after_comments(markup: str) -> tuple[str, str]:
    """A text in two: up to the end of its last comment, and the rest, where no comment ends."""
    end = markup.rfind("-->") + 3
    return (markup[:end], markup[end:]) if end > 2 else ("", markup)


def _is_balanced(markup: str) -> bool:
    """Whether all elements that need an end tag have one."""
    named = Counter(_NAME.findall(markup.lower()))
    return all(
        number <= named["/", name] or name in _NO_END if not end else name in KNOWN or named["", name]
        for (end, name), number in list(named.items())
    )


class _Judgement:
    def __init__(self, markup: str, *, in_line: bool = False) -> None:
        self._markup = markup
        self._in_line = in_line
        self._last_end: dict[str, int] = {}
        self._first_start: dict[str, int] = {}
        self._found: dict[re.Pattern[str], tuple[int, int | None]] = {}
        for tag in TAG.finditer(markup):
            if tag[1]:
                self._last_end[tag[2].lower()] = tag.start()
            else:
                self._first_start.setdefault(tag[2].lower(), tag.start())

    def written(self) -> str:
        out, at = [], 0
        while token := _TOKEN.search(self._markup, at):
            out.append(self._markup[at : token.start()])
            at = token.end()
            if token[2] is None:
                out.append(self._bare(token))
            elif self._is_open_code(token):
                at = self._code_end(token)
            else:
                out.append(self._tag(token, token[2].lower()))
        return "".join((*out, self._markup[at:]))

    def _bare(self, token: re.Match[str]) -> str:
        """What stands for something that is no whole tag."""
        if odd := token["odd"]:  # a quote in it has no end, or it is no tag at all
            has_quotes = '"' in odd or "'" in odd
            return "<{}>".format(re.sub("[\"']", "", odd)) if has_quotes else f"&lt;{odd}>"
        if len(token[0]) > 1:  # a comment or a declaration
            return token[0]
        after = self._markup[token.end() : token.end() + 1]
        if self._in_line:
            does_run = self._next(_RUNS, token.end()) is not None
            is_parsers = after.isalpha() and (does_run or _CUT_CODE.match(self._markup, token.start()))
        else:
            is_parsers = after in ("!", "?")
        return "<" if is_parsers else "&lt;"

    def _tag(self, token: re.Match[str], name: str) -> str:
        literal = self._is_literal_end(token, name) if token[1] else self._is_literal_start(token, name)
        if literal:
            return f"&lt;{token[0][1:]}"
        if name in _RUBY and "ruby" not in self._first_start:
            return ""
        if _SELF_CLOSED.search(token[3]) and name not in NO_END and not token[1]:
            return f"{token[0][:-2]}></{token[2]}>"
        if token[1] or self._in_line or self._is_closed(token, name):
            return token[0]
        if name in _PLAYERS:
            return f"{token[0]}</{name}>"
        return "" if name in _SWALLOWING else token[0]

    def _is_literal_end(self, token: re.Match[str], name: str) -> bool:
        begun = self._first_start.get(name, len(self._markup)) < token.start()
        return not begun and (self._in_line or name not in KNOWN)

    def _is_literal_start(self, token: re.Match[str], name: str) -> bool:
        has_attributes = "=" in token[3]
        if self._in_line:
            is_late = name in _LATE_NAMES and not self._is_named(token)
            is_code = name in _CODE and self._is_followed_by_code(token)
            return not (self._is_closed(token, name) or has_attributes or is_late or is_code)
        if self._is_closed(token, name) or name in NO_END or has_attributes:
            return False
        is_prose = bool(token[3].strip(" /\n\t")) or (_CAMEL.match(token[2]) and self._is_glued(token))
        if name not in KNOWN or is_prose:
            return True
        return self._is_named(token) and not self._is_last(token, name)

    def _is_closed(self, token: re.Match[str], name: str) -> bool:
        return _SELF_CLOSED.search(token[3]) is not None or self._last_end.get(name, -1) > token.start()

    def _is_named(self, token: re.Match[str]) -> bool:
        """Whether it stands apart from the words around it."""
        before = self._markup[max(0, token.start() - 1) : token.start()]
        after = self._markup[token.end() : token.end() + 1]
        return (not before or before in _BEFORE_A_NAME) and (not after or after in _AFTER_A_NAME)

    def _is_glued(self, token: re.Match[str]) -> bool:
        return self._markup[max(0, token.start() - 1) : token.start()].isalnum()

    def _is_last(self, token: re.Match[str], name: str) -> bool:
        """Whether it begins a block of which nothing came: the text was cut."""
        rest = self._markup[token.end() : token.end() + _CUT]
        return name not in PHRASES and len(rest) < _CUT and not _TOKEN.sub("", rest).strip()

    def _is_followed_by_code(self, token: re.Match[str]) -> bool:
        return not self._is_named(token) or self._next(_LOOKS_LIKE_CODE, token.end()) is not None

    def _is_open_code(self, token: re.Match[str]) -> bool:
        name = token[2].lower()
        if token[1] or self._in_line or name not in _CODE or self._is_closed(token, name):
            return False
        return "=" in token[3] or not self._is_named(token)

    def _code_end(self, token: re.Match[str]) -> int:
        """Where the text goes on after code that has no end tag."""
        if "src" in token[3].lower():
            return token.end()
        stop = self._next(_CODE_ENDS, token.end())
        if stop is None and self._next(_LOOKS_LIKE_CODE, token.end()) is not None:
            return len(self._markup)
        return token.end() if stop is None else stop

    def _next(self, pattern: re.Pattern[str], start: int) -> int | None:
        """Where the pattern is found next; no stretch is searched twice, as long as `start` only grows."""
        begun, place = self._found.get(pattern, (-1, -1))
        if begun < 0 or (place is not None and place < start):
            match = pattern.search(self._markup, start)
            place = match.start() if match else None
            self._found[pattern] = (start, place)
        return place
