"""Normal forms of texts of any length."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.items.stories import folded
from aggregator.text.characters import one_line
from aggregator.text.folding import fold
from aggregator.text.html.sanitizer import to_text
from aggregator.text.normalforms import AT_ONCE, Form, normalized

FORMS: tuple[Form, ...] = ("NFC", "NFKC", "NFKD")
MARKS = "\u0323\u0301" * 100_000


@given(st.text(min_size=1).map(lambda text: text * (2 * AT_ONCE // len(text) + 2)), st.sampled_from(FORMS))
def test_a_long_text_has_the_form_that_it_would_have_in_one_piece(text: str, form: Form) -> None:
    assert normalized(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("read", [one_line, to_text, folded, lambda text: fold(text).text])
def test_a_long_row_of_marks_is_never_put_in_order_at_once(
    read: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes, in_one_piece = [], unicodedata.normalize

    def watched(form: Form, text: str) -> str:
        assert len(text) <= 2 * AT_ONCE
        sizes.append(len(text))
        return in_one_piece(form, text)

    monkeypatch.setattr(unicodedata, "normalize", watched)
    assert read(f"a{MARKS}b").endswith("b")
    assert sum(sizes) < 5 * len(MARKS)
