"""Any text comes into the one normal form, and stays as it is there."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.loading.loader import normalise

AWKWARD = (
    "\x00\n\n\n \t-*#=•.aA1か\u3099\u0301\ud83d\ude00\ud800\u202e\u200b\u2028\x85\r\u0645\u05d0"
)
ANY_TEXT = st.text(st.one_of(st.characters(), st.sampled_from(AWKWARD)), max_size=200)
LINES = st.lists(st.text(st.sampled_from("ab -#*.=1\t漢か\u3099e\u0301"), max_size=60)).map(
    "\n".join
)

WRAPPED = """\
Washington says that it is prepared to talk about security
guarantees. In the Russian view, that readiness by itself
will not be enough.

Officials in Moscow have two fears. The first is that the
discussion of their proposals becomes a marathon.
"""


@given(st.one_of(ANY_TEXT, LINES))
@settings(max_examples=500, deadline=None)
@example("Photo caption:")
@example("e\x00\u0301")
@example("か\n\u3099")
def test_normalising_twice_changes_nothing_and_every_block_is_one_clean_line(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal) == normal
    assert unicodedata.is_normalized("NFC", normal)
    normal.encode()
    for block in normal.split("\n\n"):
        assert "\n" not in block
        assert block == block.strip()
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in block)


@given(ANY_TEXT)
@settings(max_examples=300, deadline=None)
def test_no_letter_is_lost(text: str) -> None:
    def letters(of: str) -> str:
        joined = of.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        kept = (c for c in unicodedata.normalize("NFC", joined) if c.isalnum())
        return "".join(kept).lower()

    assert letters(normalise(text)) == letters("".join(c for c in text if c.isalnum()))


@pytest.mark.parametrize(
    ("given_text", "normal"),
    [
        ("a\r\nb\rc", "a\n\nb\n\nc"),
        ("one  two\t three ", "one two three"),
        ("* one\n• two\n  - three", "- one\n\n- two\n\n- three"),
        ("Title\n=====\n\nPart\n----\ntext", "# Title\n\n## Part\n\ntext"),
        ("before\n\n* * *\n\nafter", "before\n\nafter"),
        ("cafe\u0301 soft\u00adware \u200bx\u00a0y", "café software x y"),
        ("\ud83d\ude00 and \ud800", "😀 and \ufffd"),
        ("The value x\n=\n5", "The value x\n\n=\n\n5"),
        ("A paragraph that ends here.\n-----\nAnother", "A paragraph that ends here.\n\nAnother"),
        ("# Heading\ntext below", "# Heading\n\ntext below"),
        ("One paragraph a line.\nAnother one, on its own.", None),
        ("שלום עולם\u202c", "שלום עולם"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_the_normal_form_of(given_text: str, normal: str | None) -> None:
    assert normalise(given_text) == (normal or given_text.replace("\n", "\n\n"))


def test_lines_that_were_wrapped_become_paragraphs() -> None:
    first, second = normalise(WRAPPED).split("\n\n")
    assert first.endswith("In the Russian view, that readiness by itself will not be enough.")
    assert second.startswith("Officials in Moscow have two fears.")
    assert second.endswith("the discussion of their proposals becomes a marathon.")


def test_lines_that_are_paragraphs_stay_apart() -> None:
    lines = [f"Paragraph {i} is about the talks. " * (3 + i % 4) for i in range(6)]
    assert normalise("\n".join(lines)).split("\n\n") == [line.strip() for line in lines]


def test_verses_stay_apart() -> None:
    verses = ["The talks began", "In a cold month,", "And every word", "Was weighed and sent."]
    assert normalise("\n".join(verses)).split("\n\n") == verses


def test_items_of_a_wrapped_list_stay_items() -> None:
    text = (
        "The list asks for these written guarantees from the\n"
        "alliance as soon as it can be done:\n"
        "- no more members from the east, and in particular not\n"
        "  Ukraine or Georgia\n"
        "- no missiles within reach of Moscow in the next ten\n"
        "  years at least\n"
    )
    assert normalise(text).split("\n\n")[1:] == [
        "- no more members from the east, and in particular not Ukraine or Georgia",
        "- no missiles within reach of Moscow in the next ten years at least",
    ]


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("the Russian-", "American talks", "the Russian-American talks"),
        ("of a well-", "known kind", "of a well-known kind"),
        ("from 1994-", "1997 on", "from 1994-1997 on"),
        ("both pre-", "and post-war", "both pre- and post-war"),
        ("so it is -", "and was", "so it is - and was"),
    ],
)
def test_a_hyphen_at_the_end_of_a_wrapped_line(before: str, after: str, joined: str) -> None:
    long = "words before the end of this line and then " + before
    assert normalise(f"{long}\n{after} goes on.") == (
        f"words before the end of this line and then {joined} goes on."
    )


def test_chinese_lines_join_without_a_space() -> None:
    text = (
        "莫斯科希望得到联盟的书面保证，并且希望尽快得到。里亚布科夫周二强调了这一点，他说没有\n"
        "先决条件，也不会接受任何新的条件，这是莫斯科的立场，也是总统的立场，他在会议上再次重申\n"
        "了这一点。"
    )
    assert normalise(text) == text.replace("\n", "")
