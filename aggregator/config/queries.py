"""What the rules say of every query, list and example, at its place in the file."""

import re
from collections.abc import Iterable, Mapping, Sequence

from aggregator import query
from aggregator.config.blocks import Block, blocks, example_lines
from aggregator.config.masking import shown
from aggregator.config.positions import Node, YamlFile
from aggregator.config.references import entries, texts
from aggregator.errors import QueryError, QueryProblem
from aggregator.model import Topic
from aggregator.topics import compile_rules, failed_examples

_OPERATOR = re.compile(
    r"""(?:^|[\s(])-\S      # -word
    | [()"“”]               # groups, phrases
    | \b[a-z]+:             # field:, list:, 2 points:
    | \bOR\b | \bNEAR/\d    # a OR b, a NEAR/6 b
    """,
    re.VERBOSE,
)
_USE_A_BLOCK = "Use a `|` block, with the text indented below it."


def check_traps(document: YamlFile, block: Block) -> None:
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


def check_queries(document: YamlFile, *, examples: bool = True) -> None:
    """Add to the document what is wrong with its queries, also where other parts are wrong as well."""
    every = {block.path: block for block in blocks(document.root)}
    for block in every.values():
        check_traps(document, block)
    lists, topics = _lists(document.root, every), _topics(document.root, every)
    _place(document, every, _rule_problems(topics, lists, examples))
    known = tuple(topic.id for topic in topics)
    for path, block in every.items():
        if path.startswith("sources.") and block.text.strip():
            _check_query(document, block, lists if "list:" in block.text else {}, known)


def locate(document: YamlFile, findings: Iterable[query.RuleProblem]) -> None:
    """Add to the document what was found out about its rules, each at its place."""
    _place(document, {block.path: block for block in blocks(document.root)}, findings)


def _place(document: YamlFile, every: Mapping[str, Block], findings: Iterable[query.RuleProblem]) -> None:
    others = _other_keys(document.root)
    for problem in findings:
        if problem.path not in every:
            node = others.get(problem.path, document.root)
            path, message = shown(problem.path), problem.message
            document.report(node.line, node.column, path, message, problem.suggestion)
        elif every[problem.path].text.strip():  # an empty text is the schema's to report
            _report(document, every[problem.path], problem)


def _check_query(document: YamlFile, block: Block, lists: Mapping[str, str], topics: Sequence[str]) -> None:
    try:
        query.compile_query(block.text, lists, topics)
    except QueryError as error:
        for problem in error.problems:
            _report(document, block, problem)


def _rule_problems(
    topics: Sequence[Topic], lists: Mapping[str, str], examples: bool
) -> Sequence[query.RuleProblem]:
    try:
        compiled = compile_rules(topics, lists)
    except query.RulesError as error:
        return error.problems
    return failed_examples(compiled, topics) if examples else ()


def _report(document: YamlFile, block: Block, problem: query.RuleProblem | QueryProblem) -> None:
    line = problem.line
    if ".examples." in block.path:
        line = example_lines(block.text)[line - 1][0]
    place = block.place(document, line, problem.column)
    document.report(*place, f"{shown(block.path)}, line {line}", problem.message, problem.suggestion)


def _other_keys(root: Node) -> dict[str, Node]:
    """Every topic, source and section, and every value of a topic, by its path: for what is said of them."""
    topics = entries(root, "topics").items()
    found = {f"topics.{name}.{key}": node for name, topic in topics for key, node in topic.children.items()}
    for section in ("topics", "sources"):
        found |= {f"{section}.{name}": root.children[section].keys[name] for name in entries(root, section)}
    return found | dict(root.keys)


def _lists(root: Node, every: Mapping[str, Block]) -> dict[str, str]:
    """Every list; one that cannot be read stands in as its own name, so that those who use it stay quiet."""
    readable = {name: every.get(f"lists.{name}") for name in entries(root, "lists")}
    return {name: block.text if block and block.text.strip() else name for name, block in readable.items()}


def _topics(root: Node, every: Mapping[str, Block]) -> tuple[Topic, ...]:
    """Every topic as far as it can be read, for the rules to judge."""
    known = entries(root, "topics")

    def said(name: str, key: str) -> str:
        block = every.get(f"topics.{name}.{key}")
        return block.text if block else ""

    return tuple(
        Topic(
            id=name,
            title=name,
            match=said(name, "match"),
            only_if=said(name, "only-if"),
            strike_out=said(name, "strike-out"),
            points_needed=_points(topic),
            implies=tuple(to for to, _ in texts(topic, "implies") if to in known),
            examples_match=tuple(text for _, text in example_lines(said(name, "examples.match"))),
            examples_not=tuple(text for _, text in example_lines(said(name, "examples.not"))),
        )
        for name, topic in known.items()
    )


def _points(topic: Node) -> int:
    needed = topic.children.get("points-needed")
    return int(needed.text) if needed and needed.text.isdecimal() and len(needed.text) < 5 else 1
