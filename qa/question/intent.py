"""What a question asks for, and which of its words carry its meaning."""

import re
from typing import Literal

from qa.text import AUXILIARIES, WORD, stems

QuestionKind = Literal[
    "who", "when", "where", "how many", "why", "yes-no", "list", "whole", "other"
]

_ARTICLE = (
    r"(?:(?:this|the|that|these|those|my|whole|entire|full|all|of) )*"
    r"(?:articles?|texts?|stor(?:y|ies)|pieces?|documents?|pages?|papers?|reports?|posts?|essays?"
    r"|news|reading|passages?|content|file)"
)
_WHOLE = rf"(?:{_ARTICLE}|(?:all )?(?:of )?(?:it|this|that|everything|the whole thing|them))"
_GIST = (
    r"(?:(?:main|key|central|most important|principal|chief|big|overall|general|whole) )*"
    r"(?:points?|ideas?|takeaways?|messages?|themes?|topics?|subject|subject matter|arguments?"
    r"|gist|essence|content|contents|summary|overview|outline|synopsis|abstract|conclusions?"
    r"|highlights?|story|thing|essentials|basics|facts)"
)
_WHOLE_QUESTIONS = re.compile(
    "|".join(
        [
            rf"(?:what|whats) (?:is|are|s|was)?\s?{_WHOLE} (?:all |mainly |really |basically )?"
            r"(?:about|on|saying|telling us)",
            rf"what (?:is|s) (?:in|inside) {_ARTICLE}",
            rf"what does {_ARTICLE} (?:say|tell(?: us| me)?|cover|discuss|deal with|talk about"
            r"|describe|argue|claim|report|contain)",
            rf"what do {_ARTICLE} (?:say|tell(?: us| me)?|cover|discuss|deal with|talk about)",
            rf"what (?:happens|happened|is (?:said|discussed|covered|described)) in {_ARTICLE}",
            rf"(?:what|whats|which) (?:is|are|s|was|were)?\s?(?:the )?{_GIST}"
            rf"(?: (?:of|in|from|behind) {_WHOLE})?",
            rf"(?:what|whats) (?:is|are)?\s?{_ARTICLE}(?: is|s)? {_GIST}",
            rf"what {_WHOLE} (?:is|are) (?:all )?(?:about|on|saying)",
            rf"(?:a |an |the |some )?(?:quick |short |brief )?{_GIST}(?: (?:of|in|from) {_WHOLE})?",
            rf"(?:list |name |show |explain |describe |outline |state )(?:the |its )?{_GIST}"
            rf"(?: (?:of|in|from) {_WHOLE})?",
            rf"(?:summari[sz]e|sum up|recap|condense|outline|explain|describe)(?: {_WHOLE})?",
            rf"sum {_WHOLE} up",
            r"tl ?dr",
            rf"(?:what|which) (?:topics?|subjects?|themes?) (?:does|do|is|are) {_WHOLE}"
            r" (?:cover|discuss|deal with|about|treat)",
            r"overview|summary|synopsis|in a nutshell",
        ]
    )
)
_FILLER = re.compile(
    r"\b(?:please|kindly|can you|could you|would you|will you|i want|i would like|i need|id like"
    r"|give me|give us|tell me|show me|let me know|just|briefly|quickly|shortly|in short|in brief"
    r"|simply|for me|for us|here|so|ok|okay|hi|hello|then|make me|write me|write|make|and"
    r"|in (?:your own|a few|one|two|three|four|five|simple|plain|short|\d+|a couple of|a|easy)"
    r"(?: (?:short|brief|simple|plain))?"
    r" ?(?:sentences?|words?|paragraphs?|bullets?|bullet points?|lines?|points?|english|nutshell"
    r"|terms)?)\b"
)

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
    if asks_about_whole(question):
        return "whole"
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


def asks_about_whole(question: str) -> bool:
    """Whether the article as a whole is asked about, and not something in it."""
    if len(question) > 200:
        return False
    lowered = question.lower().replace("’", "'").replace("'s", " is").replace("tl;dr", "tldr")
    plain = " ".join(re.sub(r"[^\w\s]", " ", lowered).split())
    for candidate in (plain, " ".join(_FILLER.sub(" ", plain).split())):
        if candidate and _WHOLE_QUESTIONS.fullmatch(candidate):
            return True
    return False


def keywords(question: str) -> list[str]:
    """The stems that carry a question's meaning, without repetition, in order."""
    asked = _COMMAND.sub("", question)
    return list(dict.fromkeys(stems(asked))) or list(dict.fromkeys(stems(question)))
