"""What pages leave around an article goes; what an article says about such things stays."""

import pytest

from index.loading.furniture import without_furniture
from index.loading.loader import load_text
from index.settings import Settings

BODY = [
    "# Talks and walls",
    "Washington says that it is prepared to talk about security guarantees.",
    "Officials in Moscow have two fears, and the first of them is a marathon without an end.",
    "The second is that new preconditions come up at the very last moment before the dialogue.",
]


@pytest.mark.parametrize(
    "furniture",
    [
        ["Advertisement"],
        ["Share this: Facebook Twitter WhatsApp"],
        ["Share this:", "- Facebook", "- Twitter", "- WhatsApp"],
        ["Facebook Twitter WhatsApp"],
        ["- Click to share on X (Opens in new window)", "- Click to print (Opens in new window)"],
        ["Click to share on Facebook (Opens in new window)"],
        ["Click to email a link to a friend (Opens in new window)"],
        ["Email this article"],
        ["We use cookies to improve your experience. By continuing you accept our cookies."],
        ["This website uses cookies to give you the best experience. Accept all. Manage settings."],
        ["We and our 812 partners store cookies on your device. You can change your preferences."],
        ["Subscribe to our newsletter"],
        ["Sign up for our weekly newsletter to get the best stories. Enter your email address"],
        ["Enter your email"],
        ["Get the latest news delivered to your inbox"],
        ["Read more: Why did the last round of talks fail?"],
        ["## Related posts", "- The last round of talks", "- Five maps of Ukraine"],
        ["Related posts", "The last round of talks", "Five maps of Ukraine"],
        ["You may also like", "Five maps of Ukraine"],
        ["Tags: NATO, Russia, Ukraine"],
        ["← Previous post: The winter", "Next post: The spring →"],
        ["© 2021 The Daily. All rights reserved."],
        ["Your email address will not be published. Required fields are marked *"],
        [
            "### Leave a Reply",
            "Your email address will not be published.",
            "Name *",
            "Post Comment",
        ],
        [
            "Leave a Reply Cancel reply",
            "Your email address will not be published. Required fields are marked *",
            "Save my name, email, and website in this browser for the next time I comment.",
            "Some words that a theme writes under its form",
        ],
    ],
    ids=lambda blocks: blocks[0][:40],
)
def test_furniture_is_dropped(furniture: list[str]) -> None:
    assert without_furniture([*BODY, *furniture]) == BODY


@pytest.mark.parametrize(
    "own",
    [
        "The site uses cookies to remember who has signed in, the court found.",
        "“We use cookies to improve your experience,” the notice said until last week.",
        "Cookies are small files that a site stores; you can accept them or not.",
        "We use cookies to know your interests, the firm told the regulator in 2019.",
        "Bake the cookies for ten minutes, and let them cool while you accept visitors.",
        "Subscribe to our newsletter, said the banner, and a million people did within a year.",
        "Newsletters are back: readers subscribe to those of their favourite writers.",
        "Enter your email address only on pages that you know, the police advise.",
        "He asked her to leave a reply, and she never did.",
        "Share this with everyone you know, the minister urged on television.",
        "Advertisement revenue fell by a third.",
        "Related party transactions grew: the auditors counted nine.",
        "Category 5 hurricanes are rare",
        "Next story windows were broken by the blast.",
        "- Facebook",
        "- Your email address",
        "- Tags: red and blue",
        "Facebook, Twitter and WhatsApp were cut off on Monday.",
        "Facebook and Twitter",
        "Photo caption: Share this: Facebook Twitter WhatsApp",
        "Tags: the inspectors found them on every bag. None was real.",
        "The heading “Leave a Reply” has ended blog pages since 2003.",
    ],
)
def test_what_the_article_says_is_kept(own: str) -> None:
    assert without_furniture([*BODY[:2], own, *BODY[2:]]) == [*BODY[:2], own, *BODY[2:]]
    assert without_furniture([*BODY, own]) == [*BODY, own]


def test_a_section_with_a_heading_like_furniture_is_kept_when_prose_follows() -> None:
    section = [
        "## Related posts",
        "Blogs show them since 2005. They keep readers on the site for another minute.",
        "## Leave a reply",
        "The comment form is the oldest part of a blog, and the one that is abused the most.",
    ]
    assert without_furniture([*BODY, *section]) == [*BODY, *section]


def test_a_comment_form_in_the_middle_takes_nothing_that_follows() -> None:
    form = ["Leave a Reply", "Your email address will not be published.", "Post Comment"]
    more = ["The talks go on in January, says the ministry, and last for two weeks or so."] * 9
    kept = without_furniture([*BODY, *form, *more])
    assert [block for block in kept if block in more] == more
    assert form[1] not in kept


def test_a_text_of_nothing_but_furniture_is_left_alone() -> None:
    assert without_furniture(["Subscribe to our newsletter"]) == ["Subscribe to our newsletter"]


def test_a_heading_that_ends_the_text_is_kept() -> None:
    assert without_furniture([*BODY, "## The end"]) == [*BODY, "## The end"]


def test_furniture_goes_from_pasted_text(settings: Settings) -> None:
    pasted = "\n\n".join([*BODY, "Share this: Facebook Twitter", "Leave a Reply", "Post Comment"])
    assert load_text(pasted, settings).text == "\n\n".join(BODY)
