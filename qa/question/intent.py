"""What a question asks for, and which of its words carry its meaning."""

import re
from typing import Literal

from qa.text import AUXILIARIES, WORD, stems

QuestionKind = Literal["who", "when", "where", "how many", "why", "yes-no", "list", "other"]

_NO_VERB = (
    r"(?!(?:is|was|do|does|did|has|had|have|will|would|can|could|should|might|may|must|happens|makes"
    r"|means|says|this|its|his|the)\b)"
)
_KINDS: list[tuple[QuestionKind, re.Pattern[str]]] = [
    (
        "how many",
        re.compile(
            r"how (?:many|much|long(?! ago)|far|old|tall|high|deep|wide|large|big|heavy|fast|often"
            r"|frequently|close|near|few|strong)\b"
            r"|(?:what|which)(?: is| was| are| were|'s)?(?: the| its| their| his| her)?"
            r"(?: \w+){0,2} (?:number|percentage|percent|proportion|population|length|height|width"
            r"|depth|distance|age|price|cost|amount|speed|size|area|duration|share|rate|total)\b"
        ),
    ),
    (
        "when",
        re.compile(
            r"(?:^|[,:;(] ?|\b(?:and|or|since|until|till|from|exactly) )when\b|how long ago"
            r"|\b(?:what|which) (?:year|date|day|month|century|decade|time"
            r"|season|period|era)\b|\bsince when\b|\bwhat (?:is|was) the (?:year|date)\b"
        ),
    ),
    (
        "where",
        re.compile(
            r"(?:^|[,:;(] ?|\b(?:and|or|from|to|exactly) )where\b"
            r"|\b(?:what|which) (?:country|city|town|place|state|region|location|continent"
            r"|county|province|village|street|island|river)\b"
        ),
    ),
    (
        "why",
        re.compile(
            r"\bwhy\b|\bhow come\b|\b(?:what|which)(?: is| was| are| were)?(?: the| his| her| its"
            r"| their)? (?:reasons?|causes?|motives?)\b"
            r"|\bwhat (?:caused|causes|led|made|explains|prompted)\b"
        ),
    ),
    (
        "who",
        re.compile(
            r"\b(?:who|whom|whose|who's)\b|\b(?:what|which) (?:person|man|woman|people|author"
            r"|analyst|writer|minister|president|politician|scientist|actor|actress|singer|artist"
            r"|king|queen|leader|official|expert|architect|engineer|director|composer|player)\b"
            r"|\bwhat (?:is|was) the name\b|\bwhat(?: is| was|'s) (?:his|her) name\b"
        ),
    ),
    (
        "list",
        re.compile(
            r"^(?:list|name|enumerate|mention)\b|\bwhat are\b|\bwhat were\b"
            rf"|\b(?:what|which)(?: {_NO_VERB}\w+){{0,2}} {_NO_VERB}"
            r"[a-z]{3,}(?<![su])s\b(?<!ness)(?! (?:is|was|does|did it)\b)"
        ),
    ),
]
_LEAD_IN = re.compile(r"^(?:(?:and|but|so|also|then|well|ok|okay|now|or)\b[,\s]*)+", re.IGNORECASE)

_COMMAND = re.compile(
    r"^\W*(?:please )?(?:list|name|enumerate|mention|describe|explain|find|say)\b", re.IGNORECASE
)


def kind(question: str) -> QuestionKind:
    """What the question asks for. `list` and `why` may need more than one sentence.

    Told by its words alone; a question that could be two kinds gets the one whose word comes
    first, and the more telling one where they begin at the same place.
    """
    lowered = _LEAD_IN.sub("", question.lower().replace("’", "'").strip())
    first = WORD.match(lowered)
    if first and first[0] in AUXILIARIES:
        return "yes-no"
    found = [
        (match.start(), order, name)
        for order, (name, pattern) in enumerate(_KINDS)
        if (match := pattern.search(lowered))
    ]
    return min(found)[2] if found else "other"


def keywords(question: str) -> list[str]:
    """The stems that carry a question's meaning, without repetition, in order."""
    asked = _COMMAND.sub("", question)
    return list(dict.fromkeys(stems(asked))) or list(dict.fromkeys(stems(question)))
