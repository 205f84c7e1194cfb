"""Bytes → text: the encoding is found, not asked for."""

import codecs
import re
from collections import Counter
from typing import NamedTuple

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"
_ASCII = bytes(range(128))
_NOT_ASCII = bytes(range(128, 256))
_META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]+?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.I
)
_LATIN = (
    ("cp1252", "àâæçéèêëîïôœùûüÿ"),  # French
    ("cp1252", "äöüß"),  # German
    ("cp1252", "áéíñóúüïçà"),  # Spanish, Catalan
    ("cp1250", "áéíóöőúüű"),  # Hungarian; before Portuguese, whose õ is its ő
    ("cp1252", "ãáàâçéêíõóôúü"),  # Portuguese
    ("cp1252", "àèéìíîòóùú"),  # Italian
    ("cp1252", "åäöéü"),  # Swedish, Finnish
    ("cp1252", "åæøéòôü"),  # Norwegian, Danish
    ("cp1254", "çğıöşüâîû"),  # Turkish
    ("cp1250", "ąćęłńóśźżé"),  # Polish
    ("iso8859_2", "ąćęłńóśźżé"),
    ("cp1250", "áäčďéěíĺľňóôŕřšťúůýž"),  # Czech, Slovak
    ("iso8859_2", "áäčďéěíĺľňóôŕřšťúůýž"),
    ("cp1250", "čćđšž"),  # Croatian, Slovene
    ("cp1250", "ăâîşţ"),  # Romanian
    ("cp1252", "áæéíðóöúýþ"),  # Icelandic
    ("cp1257", "āčēģīķļņšūžąęėįųõäöü"),  # Baltic
)
"""Letters of languages in lower case. A text is in the code page that needs the fewest others."""
_PUNCTUATION = frozenset("\u00a0“”„‚‘’‹›«»–—…•·€£§°©®™¿¡")
_CANDIDATES = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r",
    "iso8859_2", "iso8859_5", "cp932", "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_JAPANESE = ("cp932", "euc_jp")
_KANA = re.compile("[\u3041-\u30ff]")
_LEAST_KANA = 0.1
"""Of the letters of Japanese text; of Chinese or Korean read as Japanese next to none are kana."""
_NOT_DECLARED = frozenset({"utf-7", "unicode-escape", "raw-unicode-escape", "idna", "punycode"})
"""Codecs of Python that a page may name and no browser reads: they make letters out of ASCII."""
_UTF7_MARKS = (b"+/v8", b"+/v9", b"+/v+", b"+/v/")
_MOST_CONTROLS = 0.02
"""Of the bytes of a text; of other files a tenth and more are below 32."""
_LONE = 0.1
"""Of the letters beyond ASCII: so many at most may be no UTF-8 in a text that is read as UTF-8."""
_SAMPLE = 200_000
"""Bytes that the detection looks at: it takes 1 s for each megabyte."""


class Decoded(NamedTuple):
    """A text, and the encoding that was guessed for it; None where the bytes left no doubt."""

    text: str
    guess: str | None = None


def decode(data: bytes) -> Decoded | None:
    """The text of the bytes, or None where they are not text in any encoding known here.

    In this order: a byte order mark, UTF-8, UTF-16 without a mark, UTF-8 with a few wrong bytes,
    Japanese by its kana, then what charset-normalizer finds most plausible among the encodings
    that articles are kept in.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return Decoded(data[len(bom) :].decode(encoding, "replace"))
    if data.startswith(_UTF7_MARKS):
        return None
    if (wide := _unmarked_utf16(data)) is not None:
        text = _decoded(data, wide)
        return Decoded(text, wide) if text is not None else None
    controls = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if controls > _MOST_CONTROLS * len(data) + 3:
        return None
    if (text := _decoded(data, "utf-8")) is not None:
        return Decoded(text)
    return _nearly_utf8(data) or _japanese(data) or _plausible(data)


def decode_html(data: bytes) -> Decoded | None:
    """Like `decode`, but what the page says about its own encoding comes before guessing."""
    declared = _META_CHARSET.search(data[:4096])
    if declared and not data.startswith(tuple(bom for bom, _ in _BOMS)):
        name = declared[1].decode("ascii").lower()
        # Browsers read these two as windows-1252 and Shift JIS as its code page (WHATWG Encoding,
        # section 4.2).
        name = "cp1252" if name in {"iso-8859-1", "latin1", "us-ascii", "ascii"} else name
        name = "cp932" if name in {"shift_jis", "shift-jis", "sjis", "x-sjis"} else name
        try:
            if codecs.lookup(name).name not in _NOT_DECLARED:
                return Decoded(_decoded(data, "utf-8") or data.decode(name, "replace"))
        except LookupError:
            pass
    return decode(data)


def _nearly_utf8(data: bytes) -> Decoded | None:
    """UTF-8 into which a few bytes of windows-1252 were pasted, as mail and logs have them."""
    text = data.decode("utf-8", "windows-1252")
    wrong = data.decode("utf-8", "replace").count("\ufffd")
    letters = sum(character > "\x7f" for character in text)
    return Decoded(text, "utf-8") if wrong <= _LONE * letters else None


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _as_windows_1252)


def _japanese(data: bytes) -> Decoded | None:
    tried = []
    for encoding in _JAPANESE:
        if (text := _decoded(data, encoding)) is not None:
            letters = sum(character > "\x7f" for character in text)
            tried.append((len(_KANA.findall(text)) / max(letters, 1), text, encoding))
    share, text, encoding = max(tried, default=(0.0, "", ""))
    return Decoded(text, encoding) if share >= _LEAST_KANA else None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 shows in Latin text by a zero in every other byte."""
    if len(data) < 4 or len(data) % 2:
        return None
    sample = data[: _SAMPLE - _SAMPLE % 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) / 2
    if odd > 0.4 * half and even < 0.02 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.02 * half else None


def _plausible(data: bytes) -> Decoded | None:
    """The code page found by the letters of Latin text, or else by charset-normalizer.

    Not by the latter alone: on a few lines of French or Turkish it takes windows-1250 for as good
    as the right one, because both come out as letters.
    """
    sample = data[:_SAMPLE]
    latin, strangers = _latin(sample)
    others = len(sample) - len(sample.translate(None, _NOT_ASCII))
    if others <= 0.25 * len(sample) and strangers <= 0.1 * others:
        return Decoded(data.decode(latin, "replace"), latin)
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    return Decoded(data.decode(best.encoding, "replace"), best.encoding) if best else None


def _latin(data: bytes) -> tuple[str, int]:
    """The best code page of `_LATIN`, and how many characters are strange to its language."""
    counts = Counter(data.translate(None, _ASCII))
    found = []
    for encoding, letters in _LATIN:
        strangers = 0
        for byte, n in counts.items():
            character = bytes([byte]).decode(encoding, "replace")
            if character not in _PUNCTUATION and character.lower() not in _letters(letters):
                strangers += n
        found.append((encoding, strangers))
    return min(found, key=lambda pair: pair[1])


def _letters(alphabet: str) -> frozenset[str]:
    return frozenset([*alphabet, "i\u0307"])  # the Turkish İ in lower case is two characters
