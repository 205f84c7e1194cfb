"""A page becomes its article: headings, lists, tables and captions stay, the rest goes."""

import pytest

from index.errors import UnreadableFile
from index.loading.loader import load_bytes, load_html, load_text
from index.settings import Settings

PAGE = """<!doctype html>
<html><head><meta charset="utf-8"><title>Talks and walls | The Daily</title></head><body>
<header><nav><a href="/">Home</a> <a href="/world">World</a></nav></header>
<div class="cookie-banner">We use cookies to improve your experience. <button>Accept</button></div>
<main><article><h1>Talks and walls</h1>
<p>Washington says that it is <em>prepared</em> to talk about <a href="/s">security</a> guarantees.
In the Russian view, that readiness by itself will not be enough to break through the wall.</p>
<figure><img src="a.jpg" alt="Two men"><figcaption>Ministers meet in Geneva.</figcaption></figure>
<h2>What Moscow asks for</h2>
<p>Russia wants written guarantees from the alliance, and wants them formalised soon.</p>
<ul><li>No new members, Ukraine <b>included</b></li><li>No missiles in range</li></ul>
<ol><li>Talks in January</li><li>A treaty</li></ol>
<table><tr><th>Missile</th><th>Minutes</th></tr><tr><td>Ballistic</td><td>7</td></tr>
<tr><td>Hypersonic</td><td>5</td></tr></table>
<blockquote><p>We will put up with no preconditions, he stressed.</p></blockquote>
<p>Distance explains much of the urgency, because a missile would need only minutes.</p>
<div class="share">Share this: <a>Facebook</a> <a>Twitter</a> <a>WhatsApp</a></div>
<div class="newsletter"><p>Subscribe to our newsletter</p><p>Enter your email</p></div>
</article>
<section id="comments"><h3>Leave a Reply</h3>
<p>Your email address will not be published. Required fields are marked *</p>
<form><textarea></textarea></form></section></main>
<aside><h3>Related posts</h3><a href="/1">Another one</a></aside>
<footer>© 2021 The Daily. All rights reserved.</footer>
<script>var hidden = "script";</script></body></html>"""

ARTICLE = [
    "# Talks and walls",
    "Washington says that it is prepared to talk about security guarantees. "
    "In the Russian view, that readiness by itself will not be enough to break through the wall.",
    "Ministers meet in Geneva.",
    "## What Moscow asks for",
    "Russia wants written guarantees from the alliance, and wants them formalised soon.",
    "- No new members, Ukraine included",
    "- No missiles in range",
    "1. Talks in January",
    "2. A treaty",
    "Missile: Ballistic; Minutes: 7",
    "Missile: Hypersonic; Minutes: 5",
    "We will put up with no preconditions, he stressed.",
    "Distance explains much of the urgency, because a missile would need only minutes.",
]


def test_a_page_becomes_its_article(settings: Settings) -> None:
    article = load_html(PAGE.encode(), "https://example.org/talks", settings)
    assert article.text.split("\n\n") == ARTICLE
    assert article.title == "Talks and walls"
    assert article.source == "https://example.org/talks"


def test_the_same_page_comes_from_a_file_and_from_the_clipboard(settings: Settings) -> None:
    by_file = load_bytes(PAGE.encode("utf-16"), "page.txt", settings)
    assert by_file.text == load_text(PAGE, settings).text == "\n\n".join(ARTICLE)
    assert by_file.id == load_html(PAGE, None, settings).id


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Storm over Brest | The Daily</title>", "<p>{p}</p>", "Storm over Brest"),
        ("<title>Storm – then sun – The Daily</title>", "<p>{p}</p>", "Storm – then sun"),
        (
            "<title>x</title>",
            "<h1>The Daily</h1><article><h1>Storm</h1><p>{p}</p></article>",
            "Storm",
        ),
        (
            '<title>Daily</title><meta property="og:title" content="Storm over Brest">',
            "<h1>The Daily</h1><p>{p}</p>",
            "Storm over Brest",
        ),
        ("", "<h2>Storm at night</h2><p>{p}</p>", "Storm at night"),
    ],
)
def test_the_title_is_the_articles_own(
    head: str, body: str, title: str, settings: Settings
) -> None:
    words = "The storm hit the coast on Monday and left much damage behind. " * 5
    page = f"<html><head>{head}</head><body>{body.format(p=words)}</body></html>"
    assert load_html(page, None, settings).title == title


def test_captions_of_wordpress_are_kept(settings: Settings) -> None:
    words = "<p>" + "The storm hit the coast on Monday and left much damage behind. " * 5 + "</p>"
    picture = '<div class="wp-caption"><img><p class="wp-caption-text">A fallen tree.</p></div>'
    page = f"<html><body><article><h1>Storm</h1>{words}{picture}{words}</article></body></html>"
    assert "\n\nA fallen tree.\n\n" in load_html(page, None, settings).text


@pytest.mark.parametrize(
    "page", ["<html></html>", "<html><body><!-- x --></body></html>", " <p></p>"]
)
def test_a_page_without_an_article_is_refused(page: str, settings: Settings) -> None:
    with pytest.raises(UnreadableFile, match=r"^https://example.org/ is a web page without"):
        load_html(page, "https://example.org/", settings)


def test_a_page_nested_too_deep_to_be_true_does_no_harm(settings: Settings) -> None:
    page = "<html><body>" + "<div>" * 50_000 + "deep" + "</div>" * 50_000 + "</body></html>"
    with pytest.raises(UnreadableFile):
        load_html(page, None, settings)
    lists = "<html><body><p>Here is the text.</p>" + "<ul><li>x" * 200 + "</body></html>"
    assert "Here is the text." in load_html(lists, None, settings).text


def test_entities_that_grow_do_not(settings: Settings) -> None:
    names = [f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "lol " * 10}">' for i in range(9)]
    page = f"<!DOCTYPE html [{''.join(names)}]><html><body><p>Some text. &e8;</p></body></html>"
    assert len(load_html(page, None, settings).text) < 2_000
