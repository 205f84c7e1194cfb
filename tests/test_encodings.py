"""The encoding of a text is found from its bytes."""

import os
import random

import pytest

from index.loading.encodings import Decoded, decode, decode_html

ENGLISH = "The “show of force” is another matter — but it hasn’t proved anything. Café society."
FRENCH = "Le café est fermé. « C’est la première fois depuis l’été », a déclaré le maire."
GERMAN = "Die Gespräche müssen beginnen, sagte der Außenminister. Die Öffentlichkeit hört zu."
POLISH = "Źródła mówią, że rozmowy rozpoczną się w styczniu, łącznie z udziałem premiera."
CZECH = "Rozhovory o bezpečnostních zárukách začnou v lednu, řekl ministr v úterý večer."
HUNGARIAN = "A tárgyalások januárban kezdődnek, mondta a külügyminiszter az őszi ülésen."
SPANISH = "El señor Muñoz dijo que mañana comenzará la reunión; ¿será éste el último año?"
SWEDISH = "Stoltenberg sade att förhandlingarna börjar i januari på grund av läget i området."
PORTUGUESE = "As negociações começarão em janeiro, não há condições prévias, disse o ministro."
TURKISH = "Moskova ittifaktan yazılı güvenceler istiyor; görüşmeler için İstanbul öneriliyor."
RUSSIAN = "Москва хочет получить письменные гарантии от альянса, подчеркнул Рябков во вторник."
GREEK = "Η Μόσχα θέλει γραπτές εγγυήσεις από τη συμμαχία και τις θέλει σύντομα."
JAPANESE = "モスクワは同盟からの書面による保証を求めている。リャブコフはこれを強調した。"
CHINESE = "莫斯科希望得到联盟的书面保证，并且希望尽快得到。里亚布科夫周二强调了这一点。"


def read(decoded: Decoded | None) -> str | None:
    return decoded and decoded.text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8"),
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (ENGLISH, "utf-32"),
        (ENGLISH, "cp1252"),
        ("Un café très fréquenté", "cp1252"),
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (CZECH, "cp1250"),
        (HUNGARIAN, "cp1250"),
        (SPANISH, "cp1252"),
        (SWEDISH, "cp1252"),
        (PORTUGUESE, "cp1252"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "utf-8"),
        (GREEK, "cp1253"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
    ],
)
def test_a_text_is_read_in_the_encoding_it_is_in(text: str, encoding: str) -> None:
    assert read(decode(text.encode(encoding))) == text


def test_bytes_that_are_no_text_are_not_decoded() -> None:
    assert decode(random.Random(7).randbytes(5_000)) is None
    assert decode(os.urandom(100_000)) is None
    assert decode(b"text with a zero \x00\x00\x00 inside" * 20) is None


def test_a_page_is_read_in_the_encoding_that_it_names() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><body>{RUSSIAN}</body></html>'
    assert read(decode_html(page.encode("cp1251"))) == page
    named_otherwise = page.replace("windows-1251", "no-such-charset")
    assert read(decode_html(named_otherwise.encode("utf-8"))) == named_otherwise


def test_a_page_in_utf_8_is_read_as_such_whatever_it_names() -> None:
    page = f'<html><head><meta charset="iso-8859-1"></head><body>{FRENCH}</body></html>'
    assert read(decode_html(page.encode())) == page


def test_latin_1_of_a_page_means_windows_1252() -> None:
    page = f'<meta charset="iso-8859-1"><p>{ENGLISH}</p>'
    assert read(decode_html(page.encode("cp1252"))) == page
