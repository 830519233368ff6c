"""What no single value can tell: names that collide, one feed under two names, dead ends."""

from collections.abc import Iterator, Mapping

from yarl import URL

from aggregator.config.masking import shown
from aggregator.config.positions import Node, YamlFile
from aggregator.config.values import address


def check_references(document: YamlFile) -> None:
    """Add to the document what its parts contradict each other in."""
    topics = entries(document.root, "topics")
    _same_feed_twice(document, entries(document.root, "sources"))
    _earlier_ids(document, "topics")
    _earlier_ids(document, "sources")
    _out_of_reach(document, topics)


def entries(root: Node, section: str) -> Mapping[str, Node]:
    """The entries of a section by name; none where the section is missing or no mapping."""
    found = root.children.get(section)
    return (
        {str(name): node for name, node in found.children.items()}
        if found and found.kind == "mapping"
        else {}
    )


def texts(node: Node, key: str) -> Iterator[tuple[str, Node]]:
    """The texts of a list that stands under a key, each with its node."""
    found = node.children.get(key)
    if found and found.kind == "list":
        yield from ((child.text.strip(), child) for child in found.children.values())


def topic_ids(root: Node) -> dict[str, str]:
    """Every id that a topic has or had, with the one that it has now."""
    topics = entries(root, "topics")
    earlier = {was: name for name, topic in topics.items() for was, _ in texts(topic, "was")}
    return earlier | {name: name for name in topics}


def _same_feed_twice(document: YamlFile, sources: Mapping[str, Node]) -> None:
    first: dict[str, str] = {}
    for name, source in sources.items():
        feed = source.children.get("feed", source)
        key = comparable(feed.text)
        if key and first.setdefault(key, name) != name:
            path = f"sources.{shown(name)}.feed"
            message = f"The source {shown(first[key])} has the same feed."
            document.report(feed.line, feed.column, path, message, "Delete one of the two.")


def comparable(feed: str) -> str:
    """Equal for addresses of the same feed; "" for what is no address."""
    try:
        url = URL(address(feed)).with_fragment(None)
    except ValueError:
        return ""
    return str(url if url.path else url / "")


def _earlier_ids(document: YamlFile, section: str) -> None:
    found, kind = entries(document.root, section), section.removesuffix("s")
    taken: dict[str, str] = {}
    for name, entry in found.items():
        for earlier, node in texts(entry, "was"):
            owner = earlier if earlier in found else taken.setdefault(earlier, name)
            if owner != name or earlier in found:
                path = f"{section}.{shown(name)}.was"
                message = f"{shown(earlier)} is already an id of the {kind} {shown(owner)}."
                document.report(node.line, node.column, path, message, "Delete it here.")


def _out_of_reach(document: YamlFile, topics: Mapping[str, Node]) -> None:
    sections = (*topics.values(), *entries(document.root, "sources").values())
    given = {name for node in sections for key in ("implies", "topics") for name, _ in texts(node, key)}
    for name, topic in topics.items():
        if topic.kind == "mapping" and "match" not in topic.children and name not in given:
            key = document.root.children["topics"].keys[name]
            document.report(
                key.line,
                key.column,
                f"topics.{shown(name)}",
                "Nothing can ever belong to this topic.",
                "Add `match:`, or name it under `topics:` of a source or `implies:` of another topic.",
            )
