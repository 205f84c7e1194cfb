"""Documents as people have them: what each kind keeps, in the very words that answers quote."""

import io
from email.message import EmailMessage
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from index.articles import Article
from index.errors import UnreadableFile
from index.loading.loader import load_bytes, load_file
from index.loading.outlook import message_row
from index.passages import split
from index.sentences import sentence_spans
from index.settings import Settings

DOCUMENTS = Path(__file__).parent / "documents"
LIGHTHOUSES = [
    "Lighthouse: Grey Point; Built: 1871; Height in metres: 31; Keeper: Olsen",
    "Lighthouse: Long Rock; Built: 1902; Height in metres: 18; Keeper: Vik",
    "Lighthouse: Swan Head; Built: 1848; Height in metres: 44; Keeper: Dahl",
    "Lighthouse: East Bar; Built: 1933; Height in metres: 12; Keeper: Foss",
]


def blocks(name: str, settings: Settings) -> list[str]:
    return load_file(DOCUMENTS / name, settings).text.split("\n\n")


@pytest.mark.parametrize("ending", ["md", "html", "csv", "docx", "pdf"])
def test_a_table_has_one_row_a_line_with_the_names_of_its_columns(
    ending: str, settings: Settings
) -> None:
    article = load_file(DOCUMENTS / f"lighthouses.{ending}", settings)
    rows = [block for block in article.text.split("\n\n") if block.startswith("Lighthouse: ")]
    assert rows == LIGHTHOUSES
    sentences = [article.text[start:end] for start, end in sentence_spans(article.text)]
    assert [s for s in sentences if s.startswith("Lighthouse: ")] == LIGHTHOUSES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "rows.csv",
            [
                "club: Red Kites; code: RKI; titles: 4; city: Northfield",
                "club: Blue Herons; code: BHE; titles: 13; city: Lakeside",
                "club: Grey Wolves; code: GWO; titles: 1; city: Stoneham",
                "club: White Otters; code: WOT; titles: 7; city: Rivermouth",
            ],
        ),
        (
            "sjis.csv",
            ["名前: 佐藤太郎; 年齢: 30; 住所: 東京", "名前: 高橋淳; 年齢: 35; 住所: 名古屋"],
        ),
        (
            "portions.docx",
            [
                "# What the zoo feeds",
                "The zoo weighs every portion before it is given out.",
                "Animal: Otter; Food: trout, crab; Grams a day: 900",
                "Animal: Tapir; Food: bananas, leaves; Grams a day: 4500",
                "Animal: Owl; Food: mice; Grams a day: 80",
            ],
        ),
        (
            "equation.docx",
            [
                "# Circles",
                "The area of a circle with radius r is A=3.14159r^2. It was known in Babylon.",
            ],
        ),
        (
            "numbered.docx",
            [
                "# House rules",
                "1. Keep the door shut after ten in the evening.",
                "2. Put the bicycles in the cellar.",
                "3. Pay the rent on the third day of the month.",
            ],
        ),
        (
            "footnote.docx",
            [
                "# The bridge",
                "The bridge was opened in spring (The opening took place on 9 April 1927; the "
                "engineer was Ida Brandt.) and is still in use. Trams cross it every six minutes.",
            ],
        ),
        (
            "main-part.docx",
            [
                "# Library hours",
                "The reading room opens at nine and closes at eight. On Mondays it stays shut.",
            ],
        ),
        (
            "strict.docx",
            [
                "# Library hours",
                "The reading room opens at nine and closes at eight. On Mondays it stays shut.",
            ],
        ),
        (
            "letter.eml",
            [
                "# Picnic",
                "From: Ann <ann@mail.example>; To: Bo <bo@mail.example>; Date: 2 June 2025, 09:00",
                "The picnic takes place on 14 June in the park by the mill. Bring a blanket and "
                "something to drink.",
            ],
        ),
        (
            "data.xml",
            ["name: Korla; people: 310; ferry: daily", "name: Metsu; people: 48; ferry: weekly"],
        ),
        (
            "talk.vtt",
            [
                "Host: We stand in front of the old mill, and with me is Lena Koch, who has "
                "restored it for eleven years."
            ],
        ),
        (
            "no-spaces.pdf",
            [
                "The reservoir above the town was filled for the first time in March and holds "
                "nine million litres of water for the mills and for the fire brigade."
            ],
        ),
        ("japan1.pdf", ["あいうえお亜一薗怪萱" * 6]),
        ("numbers.pdf", ["2021 1450 2200 317", "2022 1502 2310 298", "2023 1611 2405 301"]),
        (
            "cp932.txt",
            ["新しい駅の案内", "髙橋商店は①番出口の隣にある。㈱北野の事務所は二階である。"],
        ),
        (
            "authors.md",
            [
                "# Counting seals from the air",
                "Hanna Moe, Jon Aas",
                "Institute of the Sea, Bergby",
                "## Abstract",
                "We count seals on pictures that a small aeroplane takes. The count misses four "
                "seals in a hundred.",
                "## Thanks",
                "We would like to thank Prof. Ada Quist, who read an early version.",
            ],
        ),
    ],
)
def test_what_a_document_says_is_kept_and_nothing_else(
    name: str, expected: list[str], settings: Settings
) -> None:
    assert blocks(name, settings) == expected


def test_a_form_field_stands_beside_its_label(settings: Settings) -> None:
    assert "Name of the applicant: Marta Lindqvist" in blocks("form.pdf", settings)


def test_a_sentence_that_ends_three_pages_is_no_running_foot(settings: Settings) -> None:
    article = load_file(DOCUMENTS / "repeated-clause.pdf", settings)
    clause = "Both sides may end this part with a notice of ninety days."
    assert article.text.count(clause) == 3
    assert [
        article.page(i) for i in range(len(article.text)) if article.text.startswith(clause, i)
    ] == [1, 2, 3]


def test_what_a_page_hides_is_left_out(settings: Settings) -> None:
    text = "\n".join(blocks("hidden.html", settings))
    assert "four hundred apple trees" in text
    for hidden in ("99 crowns", "98 crowns", "97 crowns"):
        assert hidden not in text
    assert "July" not in text


def test_a_control_character_in_a_page_is_dropped(settings: Settings) -> None:
    assert blocks("control-character.html", settings) == [
        "# Village fair",
        "The fair begins on the second Saturday of May and lasts until Sunday evening, as it has "
        "for ninety years in this valley.",
        "Forty stalls sell cheese, honey and baskets.",
    ]


@pytest.mark.parametrize("code", [*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
def test_every_character_that_xml_forbids_is_dropped(code: int, settings: Settings) -> None:
    words = "The fair begins on the second Saturday of May and lasts until Sunday."
    for forbidden in (chr(code), f"&#{code};", f"&#x{code:x};"):
        inside = f"{words[:8]}{forbidden}{words[8:]}"
        page = f'<html><body><p title="a{forbidden}b">{inside}</p></body></html>'
        loaded = load_bytes(page.encode(), "fair.html", settings)
        assert loaded.text.replace("  ", " ") == words


def test_what_a_page_says_of_itself_can_be_asked_for(settings: Settings) -> None:
    article = load_file(DOCUMENTS / "byline.html", settings)
    assert article.title == "The tide mill turns again"
    assert article.text.split("\n\n")[1] == "Author: Petra Lind; Published: 8 March 2024"
    german = (
        '<html lang="de-AT"><head><title>Die Mühle</title><meta property="og:site_name" '
        'content="Der Bote"></head><body><article><h1>Die Mühle</h1><p>Die Mühle am Bach mahlt '
        "seit dem Frühjahr wieder Korn für das ganze Dorf.</p></article></body></html>"
    )
    text = load_bytes(german.encode(), "mill.html", settings).text
    assert "Site: Der Bote; Language: German" in text.split("\n\n")


def test_a_guessed_encoding_is_said(settings: Settings) -> None:
    [note] = load_file(DOCUMENTS / "cp932.txt", settings).notes
    assert note.startswith("Its encoding was guessed (cp932); ")
    lone = "Zürich and the lake. ".encode() * 20 + b"caf\xe9" + "Zürich. ".encode() * 3
    article = load_bytes(lone, "lake.txt", settings)
    assert "Zürich and the lake." in article.text
    assert "café" in article.text
    assert article.notes
    assert not load_file(DOCUMENTS / "authors.md", settings).notes


def test_utf_7_is_no_encoding_of_a_page(settings: Settings) -> None:
    page = b'<html><meta charset="utf-7"><body><p>Tin +ADw-b+AD4- bends.</p></body></html>'
    assert "+ADw-" in load_bytes(page, "tin.html", settings).text
    with pytest.raises(UnreadableFile, match="no text that can be read"):
        load_bytes(b"+/v8-Tin bends.", "tin.txt", settings)


def word(write: object) -> bytes:
    document = docx.Document()
    write(document)  # type: ignore[operator]
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_merged_cells_and_header_rows_of_word(settings: Settings) -> None:
    def sales(document: object) -> None:
        table = document.add_table(rows=5, cols=3)  # type: ignore[attr-defined]
        words = [
            ("", "2021", "2021"),
            ("Office", "Revenue", "Costs"),
            ("Eastport", "140", "90"),
            ("Eastport", "155", ""),
            ("North coast", "", ""),
        ]
        for row, texts in zip(table.rows, words, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
        for cells in (((0, 1), (0, 2)), ((2, 0), (3, 0)), ((4, 0), (4, 2))):
            (a, b), (c, d) = cells
            merged = table.cell(a, b).merge(table.cell(c, d))
            merged.text = merged.text.split("\n")[0]
        for row in table.rows[:2]:
            row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    assert load_bytes(word(sales), "sales.docx", settings).text.split("\n\n") == [
        "Office: Eastport; 2021 Revenue: 140; 2021 Costs: 90",
        "Office: Eastport; 2021 Revenue: 155",
        "North coast",
    ]


def test_merged_cells_of_a_page(settings: Settings) -> None:
    page = """<html><body><article><h1>Sales</h1><p>The offices sell more each year, says the
    report, and the costs of the offices fall slowly but surely.</p><table><caption>In thousands
    </caption><tr><th rowspan=2>Office</th><th colspan=2>2021</th></tr><tr><th>Revenue</th>
    <th>Costs</th></tr><tr><td rowspan=2>Eastport</td><td>140</td><td>90</td></tr>
    <tr><td>155</td><td></td></tr></table></article></body></html>"""
    assert load_bytes(page.encode(), "sales.html", settings).text.split("\n\n")[2:] == [
        "In thousands",
        "Office: Eastport; 2021 Revenue: 140; 2021 Costs: 90",
        "Office: Eastport; 2021 Revenue: 155",
    ]


def test_a_row_that_is_too_long_for_a_passage_is_cut_between_cells(settings: Settings) -> None:
    columns = [f"Column {i}" for i in range(90)]
    table = (
        ",".join(columns) + "\n" + "\n".join(",".join(f"word{i}" for i in range(90)) for _ in "ab")
    )
    article = load_bytes(table.encode(), "wide.csv", settings)
    for passage in split(article):
        assert article.text[passage.start : passage.end].startswith("Column ")


def test_separators_quotes_and_rows_of_csv(settings: Settings) -> None:
    expected = ["Name: Vik, Ida; Born: 1902", "Name: Foss; Born: 1933"]
    for text in (
        'Name;Born\n"Vik, Ida";1902\nFoss;1933\n',
        'sep=;\r\nName;Born\r\n"Vik, Ida";1902\r\nFoss;1933\r\n',
        "Name\tBorn\nVik, Ida\t1902\nFoss\t1933",
        'Name,Born\n"Vik, Ida",1902\nFoss,1933',
    ):
        assert load_bytes(text.encode(), "a.csv", settings).text.split("\n\n") == expected
    assert load_bytes(b"Tin.\nZinc, too.\nLead.", "a.csv", settings).text.startswith("Tin.")


def test_a_letter_in_two_forms_with_an_attachment(settings: Settings) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = (
        "Zürich",
        "Bo <bo@mail.example>",
        "ann@mail.example",
    )
    letter["Date"] = "Tue, 03 Jun 2025 18:30:00 +0200"
    letter["Message-ID"] = "<1@mail.example>"
    letter.set_content("Wir fahren am 4. Juli nach Zürich.")
    letter.add_alternative("<p>Wir <b>fahren</b></p>", subtype="html")
    letter.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="ticket.pdf")
    assert load_bytes(letter.as_bytes(), "no-ending", settings).text.split("\n\n") == [
        "# Zürich",
        "From: Bo <bo@mail.example>; To: ann@mail.example; Date: 3 June 2025, 18:30",
        "Wir fahren am 4. Juli nach Zürich.",
        "Attachments: ticket.pdf",
    ]


def titles(article: Article) -> tuple[str, str]:
    return article.title, article.text


def test_documents_of_headings_alone_are_read(settings: Settings) -> None:
    assert titles(load_bytes(b"# CORNER HARDWARE\n\n## TOTAL 29.75", "a.md", settings)) == (
        "CORNER HARDWARE",
        "# CORNER HARDWARE\n\n## TOTAL 29.75",
    )


def test_a_heading_that_holds_a_fact_can_be_found_and_quoted(settings: Settings) -> None:
    article = load_file(DOCUMENTS / "heading-fact.md", settings)
    texts = [article.text[p.start : p.end] for p in split(article)]
    assert any(text.startswith("TOTAL 29.75") for text in texts)
    bare = load_bytes(b"# CORNER HARDWARE\n\n## Closed on Sundays", "a.md", settings)
    assert [bare.text[p.start : p.end] for p in split(bare)] == [
        "CORNER HARDWARE",
        "Closed on Sundays",
    ]
    numbered = load_bytes(b"# 2.1 Feeding\n\nOtters eat fish.", "a.md", settings)
    assert [numbered.text[p.start : p.end] for p in split(numbered)] == ["Otters eat fish."]


def test_a_message_of_outlook_has_the_headers_of_an_email() -> None:
    sent = {
        "Message:Raw-Header:From": ['"Ann" <ann@mail.example>'],
        "Message-From": ["Ann"],
        "Message-To": ["Bo"],
        "Message-Cc": [""],
        "Message:Raw-Header:Date": ["Mon, 2 Jun 2025 09:00:00 +0200"],
        "mapi:message-delivery-time": ["2025-06-02T07:00:09Z"],
    }
    row = "From: Ann <ann@mail.example>; To: Bo; Date: 2 June 2025, 09:00"
    assert message_row(sent) == [row]
    del sent["Message:Raw-Header:Date"]
    assert message_row(sent) == [row.replace("09:00", "07:00")]


def test_a_message_that_was_saved_as_utf_16_is_a_message(settings: Settings) -> None:
    letter = (DOCUMENTS / "letter.eml").read_bytes()
    saved = letter.decode("utf-8").encode("utf-16")
    assert load_bytes(saved, "a.txt", settings).text == load_bytes(letter, "a.txt", settings).text


def test_a_field_alone_needs_no_name_and_an_attribute_does(settings: Settings) -> None:
    xml = (
        '<paper kind="report" id="p1"><publisher><name>Kite Press</name></publisher>'
        '<person born="1801"><name>Dahl</name><place>Hallow</place></person></paper>'
    )
    assert load_bytes(xml.encode(), "a.xml", settings).text.split("\n\n") == [
        "kind: report",
        "Kite Press",
        "born: 1801; name: Dahl; place: Hallow",
    ]


def test_what_a_file_says_of_itself_is_no_title(settings: Settings) -> None:
    file = docx.Document()
    file.core_properties.author = "Inga Holt"
    file.add_paragraph("Two ferries")
    file.add_paragraph("Both of them sail to Hallow.")
    out = io.BytesIO()
    file.save(out)
    article = load_bytes(out.getvalue(), "a.docx", settings)
    assert article.text.startswith("Author: Inga Holt")
    assert article.title == "Two ferries"


def test_a_latex_file_without_its_preamble_is_latex(settings: Settings) -> None:
    article = load_bytes(rb"\section{Seals} We count \emph{seals}.", "part.tex", settings)
    assert article.text.split("\n\n") == ["## Seals", "We count seals."]
