"""What the rules say of every query, list and example, at its place in the file."""

from collections.abc import Mapping, Sequence

from aggregator import rules
from aggregator.config.blocks import Block, blocks, example_lines
from aggregator.config.masking import shown
from aggregator.config.positions import Document, Node
from aggregator.config.references import entries, texts
from aggregator.config.traps import check_traps
from aggregator.errors import QueryError, QueryProblem
from aggregator.model import Topic


def check_queries(document: Document) -> None:
    """Add to the document what is wrong with its queries, also where other parts are wrong as well."""
    every = {block.path: block for block in blocks(document.root)}
    written = {path: block for path, block in every.items() if block.text.strip()}
    for block in written.values():
        check_traps(document, block)
    lists, topics = _lists(document.root, written), _topics(document.root, written)
    known = tuple(topic.id for topic in topics)
    for problem in _rule_problems(topics, lists):
        if problem.path in written:
            _report(document, written[problem.path], problem)
        elif problem.path not in every:  # that a block is empty has been said already
            _report_beside(document, problem)
    for block in written.values():
        if block.path.startswith("sources."):
            try:
                rules.compile_query(block.text, lists if "list:" in block.text else {}, known)
            except QueryError as error:
                for found in error.problems:
                    _report(document, block, found)


def _rule_problems(topics: Sequence[Topic], lists: Mapping[str, str]) -> Sequence[rules.RuleProblem]:
    try:
        compiled = rules.compile_rules(topics, lists)
    except rules.RulesError as error:
        return error.problems
    return rules.failed_examples(compiled, topics)


def _report(document: Document, block: Block, problem: rules.RuleProblem | QueryProblem) -> None:
    line = problem.line
    if ".examples." in block.path:
        line = example_lines(block.text)[line - 1][0]
    place = block.place(document, line, problem.column)
    document.report(*place, f"{shown(block.path)}, line {line}", problem.message, problem.suggestion)


def _report_beside(document: Document, problem: rules.RuleProblem) -> None:
    """Report what the rules say of a topic's other keys, such as circles of `implies`."""
    places = {
        f"topics.{name}.{key}": node
        for name, topic in entries(document.root, "topics").items()
        for key, node in topic.children.items()
    }
    node = places.get(problem.path, document.root)
    document.report(node.line, node.column, shown(problem.path), problem.message, problem.suggestion)


def _lists(root: Node, written: Mapping[str, Block]) -> dict[str, str]:
    """Every list; one that cannot be read stands in as its own name, so that those who use it stay quiet."""
    readable = {name: written.get(f"lists.{name}") for name in entries(root, "lists")}
    return {name: block.text if block else name for name, block in readable.items()}


def _topics(root: Node, written: Mapping[str, Block]) -> tuple[Topic, ...]:
    """Every topic as far as it can be read, for the rules to judge."""
    known = entries(root, "topics")

    def said(name: str, key: str) -> str:
        block = written.get(f"topics.{name}.{key}")
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
