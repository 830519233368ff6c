"""Queries that YAML changes before anybody reads them."""

import re

from aggregator.config.blocks import Block
from aggregator.config.positions import Document

_OPERATOR = re.compile(
    r"""(?:^|[\s(])-\S      # -word
    | [()"“”]               # groups, phrases
    | \b[a-z]+:             # field:, list:, 2 points:
    | \bOR\b | \bNEAR/\d    # a OR b, a NEAR/6 b
    """,
    re.VERBOSE,
)
_USE_A_BLOCK = "Use a `|` block, with the text indented below it."


def check_traps(document: Document, block: Block) -> None:
    """Add to the document where YAML joined lines, or took the quotes of a phrase away."""
    node = block.node
    if node.kind != "text":
        return
    if node.style == ">":
        message, suggestion = "YAML joins the lines below a `>` into one.", "Write `|` instead of `>`."
    elif node.style != "|" and node.last_line > node.line:
        message, suggestion = "YAML joins these lines into one.", _USE_A_BLOCK
    elif block.is_query and node.style == '"' and " " in node.text and not _OPERATOR.search(node.text):
        message, suggestion = "YAML removed your quotes: this is no phrase but single words.", _USE_A_BLOCK
    else:
        return
    document.report(node.line, node.column, block.path, message, suggestion)
