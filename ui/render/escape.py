"""Text of articles, titles, questions and answers → HTML that shows it as text, nothing else.

The page's HTML components are templates (JavaScript `${…}` and Handlebars `{{…}}`), so `$`, `{`,
`}` and the backtick become character references too: no text can become code in either language.
"""

import html

_TEMPLATE_CHARACTERS = str.maketrans({"$": "&#36;", "{": "&#123;", "}": "&#125;", "`": "&#96;"})


def text(value: str) -> str:
    """`value` as the content of an element."""
    return html.escape(value, quote=True).translate(_TEMPLATE_CHARACTERS)


def attribute(value: str) -> str:
    """`value` between double quotes; line ends are kept as references."""
    return text(value).replace("\n", "&#10;")
