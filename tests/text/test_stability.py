"""Markup that a parser is not asked about because it surely leaves it as it is."""

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.html import rewriter, sanitizer
from aggregator.text.html.elements import ALLOWED, VOID

COMMON = "p div a em strong code ul ol li dl dt dd blockquote h2 figure pre"


@given(st.lists(st.one_of(st.sampled_from(COMMON.split()), st.sampled_from(sorted(ALLOWED))), max_size=14))
def test_elements_on_steady_paths_stay_where_they_stand(names: list[str]) -> None:
    names = [name for name in names if name not in VOID]
    paths = [" ".join(names[:end]) for end in range(1, len(names) + 1)]
    steady = next((names[:end] for end, path in enumerate(paths) if not rewriter.of_path(path)), names)
    markup = f"{''.join(f'<{name}>' for name in steady)}x{''.join(f'</{name}>' for name in reversed(steady))}"
    assert nh3.Cleaner(tags=set(ALLOWED), link_rel=None).clean(markup) == markup


@pytest.mark.parametrize("path", ["p", "div div a strong", "blockquote p em", "ul li ol li p", "dl dd a img"])
def test_common_paths_are_steady(path: str) -> None:
    assert rewriter.of_path(path)


@pytest.mark.parametrize(
    "path", ["p div", "h2 p", "a b a", "div li", "p span ul", "table tr", "ruby rt", " ".join(["b"] * 13)]
)
def test_paths_that_a_parser_changes_are_not(path: str) -> None:
    assert not rewriter.of_path(path)


@pytest.mark.parametrize(
    "markup",
    [
        "<b></b>\ufeffx",
        "<pre>\n<b></b>\nx</pre>",
        "<a href='//1.2.3.999/x'>x</a>",
        "<img data-src='//xn--a.example/x.png'>",
        "<button><p>x<button><p>y</button></button>",
        "<a href=/1>x<object><a href=/2>y</a></object></a>",
        f"<a href=/1 title='{'x' * 9000}'>x</a>",
        "<p>x<video src=/v title=y></video>z",
        f"{'<b>' * 20}x",
    ],
)
def test_what_only_seems_steady_comes_out_as_it_will_stay(markup: str) -> None:
    cleaned = sanitizer.clean(markup, "https://outlet.test/")
    assert sanitizer.clean(cleaned, "https://outlet.test/") == cleaned
