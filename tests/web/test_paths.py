import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.web import paths


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/all.atom", "all.atom"),
        ("/sources/wire.rss", "sources/wire.rss"),
        ("/kim-jong-un/archive/000001.atom", "kim-jong-un/archive/000001.atom"),
        ("/digest/", "digest/index.html"),
    ],
)
def test_a_path_names_a_file_below_the_root(path: str, file: str) -> None:
    assert paths.name(path) == file


@pytest.mark.parametrize(
    "path",
    (
        "* all.atom /../x.atom /a/../../x.atom /./x.atom /.x.atom.tmp /a/.git/x /a\\b.atom"
        " /a%2fb.atom /a\0.atom /ä.atom /a//b.atom /~root/x.atom /-rf.atom /c:/x.atom /" + "a" * 999
    ).split(" "),
)
def test_a_path_that_we_could_not_have_published_names_none(path: str) -> None:
    assert paths.name(path) is None


@pytest.mark.parametrize("path", ["", "/a b.atom", "/a\n.atom", "/a.atom\n"])
def test_a_path_with_a_space_in_it_names_none(path: str) -> None:
    assert paths.name(path) is None


@given(st.text(alphabet="/.ab%\\~\0", max_size=30))
def test_no_path_leads_upwards_or_to_a_hidden_file(path: str) -> None:
    name = paths.name(path)
    assert name is None or not any(part.startswith(".") or not part for part in name.split("/"))


def test_a_renamed_feed_takes_all_its_documents_along() -> None:
    redirects = {"kim": "kim-jong-un", "sources/old": "sources/new"}
    assert paths.renamed("kim.atom", redirects) == "kim-jong-un.atom"
    assert paths.renamed("kim/archive/000001.atom", redirects) == "kim-jong-un/archive/000001.atom"
    assert paths.renamed("sources/old.rss", redirects) == "sources/new.rss"
    assert paths.renamed("kimchi.atom", redirects) is None
