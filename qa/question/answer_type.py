"""The kind of thing a question asks for, found in a sentence: date, quantity, name, cause."""

import re

from qa.question.intent import QuestionKind
from qa.text import FUNCTION_WORDS, words

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_YEAR = r"(?:1[0-9]|20)\d\d"
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, ?{_YEAR})?\b"
    rf"|{_MONTH},? {_YEAR}|\d{{4}}-\d\d-\d\d"
    rf"|(?:(?:in|since|by|of|until|from|during) )?(?:{_MONTH}\b(?! [A-Z])"
    rf"|(?:the )?(?:early |late |mid-?)?{_YEAR}s?(?![\d,.]\d)(?:[-–](?:\d\d){{1,2}}\b)?)"
    r"|(?:the )?(?:(?:early|late|mid)[- ])?\d{1,2}(?:st|nd|rd|th)[- ]century"
    r"|\d{1,4} (?:BC|AD|BCE|CE)\b"
    r"|(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
)
_VAGUE_DATE = re.compile(
    r"\b(?:(?:next|last|this|the same|the following|the previous) (?:week|month|year|day|summer"
    r"|winter|spring|autumn|fall|decade|century)|yesterday|today|tomorrow|\w+ (?:years?|months?"
    r"|weeks?|days?|hours?) (?:ago|later|earlier|before|after)|spring|summer|autumn|winter"
    r"|century|centuries|era|period|ages?)\b",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
    r"|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|(?:a )?hundred|(?:a )?thousand|(?:a )?million|half|dozens?)"
)
_MAGNITUDE = r"(?: (?:hundred|thousand|million|billion|trillion|dozen))?"
_TIME_UNIT = r"(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|centuries)"
_LENGTH_UNIT = (
    r"(?:km|kilomet(?:re|er)s?|met(?:re|er)s?|m|cm|mm|miles?|mi|feet|foot|ft|inch(?:es)?|yards?"
    r"|centimet(?:re|er)s?|millimet(?:re|er)s?|acres?|hectares?|square \w+|km²|light[- ]years?)"
)
_AMOUNT = rf"{_NUMBER}{_MAGNITUDE}"
_RANGE = rf"{_AMOUNT}(?:(?:\s?[-–]\s?| to | or | and )(?={_NUMBER}\b){_AMOUNT})?"
QUANTITY = re.compile(rf"(?<![\w.,-])[$£€]?{_RANGE}(?:\s?%| per ?cent)?(?![\w])", re.IGNORECASE)
_MONEY = re.compile(
    rf"(?:[$£€¥]\s?\d[\d,.]*{_MAGNITUDE}|\b{_RANGE} (?:dollars|euros|pounds|yen|rubles|roubles|USD"
    rf"|EUR|francs|marks)\b)",
    re.IGNORECASE,
)
_SPAN_OF_TIME = re.compile(rf"\b{_RANGE}[- ]{_TIME_UNIT}\b", re.IGNORECASE)
_LENGTH = re.compile(rf"\b{_RANGE}[- ]?{_LENGTH_UNIT}(?![\w])", re.IGNORECASE)
_SPEED = re.compile(
    rf"\b{_RANGE} ?(?:km/h|kph|mph|m/s|knots|Mach|\w+ (?:per|an|a) (?:hour|second|minute))\b"
    r"|\bMach \d[\d.]*",
    re.IGNORECASE,
)
_FREQUENCY = re.compile(
    rf"\b(?:every|each|once|twice|{_AMOUNT} times|daily|weekly|monthly|annual(?:ly)?|yearly"
    r"|seldom|rarely|often|usually|always|never|sometimes|per (?:day|week|month|year))\b",
    re.IGNORECASE,
)
_SHARE = re.compile(rf"\b{_RANGE}(?:\s?%| per ?cent)", re.IGNORECASE)
NAME = re.compile(
    r"(?:\b(?:[A-Z]\.)+|\b[A-ZÀ-ÖØ-Þ][\w’'-]*)"
    r"(?:(?<![’']s) (?:(?:of|de|von|van|der|al|bin|da|del|la|le)(?: the)? )?"
    r"(?:(?:[A-Z]\.)+|[A-ZÀ-ÖØ-Þ][\w’'-]*))*"
)
_CAUSE = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|in order to|so that|so as to|therefore|thus"
    r"|hence|reason|caused?|causes|led to|leads? to|result(?:ed|s|ing)? (?:in|from)|thanks to"
    r"|on account of|to avoid|to prevent|to ensure|explains?|allow(?:s|ed|ing)?|enabl(?:es|ed|ing)"
    r"|fear(?:s|ed|ing)?|out of|which means|means that|as it|as they|as he|as she)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|on|outside|inside|into|around|across|between|off|north|south|east"
    r"|west|northern|southern|eastern|western)(?: of)?(?: the)?"
    r" (?:\w+ (?:of|and|city|coast|part) )?[A-ZÀ-Þ]\w+"
)


def fits(wanted: QuestionKind, question: str, sentence: str) -> float:
    """1 when the sentence holds the kind of thing that is asked for, ½ when any kind will do, 0
    when it does not hold it, and -1 when it lacks the date or the quantity of an answer."""
    match wanted:
        case "when":
            found = bool(dates(question, sentence) or _VAGUE_DATE.search(sentence))
            return 1.0 if found else -1.0
        case "how many":
            return 1.0 if quantities(question, sentence) else -1.0
        case "who" if asked_about := person_asked_about(question):
            found = described(asked_about, sentence) is not None
        case "who":
            found = bool(names(question, sentence))
        case "where":
            found = _PLACE.search(sentence) is not None
        case "why":
            found = _CAUSE.search(sentence) is not None
        case _:
            return 0.5
    return float(found)


_WHO_IS = re.compile(r"\bwho(?:'s|’s| is| was| are| were) ([\w’'.-]+(?: [\w’'.-]+){0,3})\??$", re.I)


def person_asked_about(question: str) -> str | None:
    """The surname in "Who is Sergei Bersanov?"; `None` when a name is what is asked for."""
    asked = _WHO_IS.search(question.strip())
    if asked is None or not FUNCTION_WORDS.isdisjoint(words(asked[1])):
        return None
    return words(asked[1])[-1]


def described(surname: str, sentence: str) -> str | None:
    """What the sentence says a person is: "…, a political analyst, …", "… is an analyst."."""
    name = rf"\b(?i:{re.escape(surname)})"
    role = r"[^,.;]{3,80})[,.;]"
    who = r"(?:an?|the|one of|[A-Z]\w+(?:['’]s?|an|ish))"
    apposition = rf"{name},? (?:\([^)]*\),? )?({who}\b{role}"
    statement = rf"{name} (?:\([^)]*\) )?(?:is|was|are|were) ((?:an?|the|one of)\b{role}"
    found = re.search(apposition, sentence) or re.search(statement, sentence)
    return found[1] if found else None


def dates(question: str, sentence: str) -> list[str]:
    """The dates of the sentence that are not in the question."""
    found = (m[0].removeprefix("of ") for m in DATE.finditer(sentence))
    return [date for date in found if date.lower() not in question.lower()]


def quantities(question: str, sentence: str, *, sure: bool = False) -> list[str]:
    """The quantities of the sentence, in the unit that the question asks for where it says one;
    with `sure`, none in any other unit."""
    lowered = question.lower()
    if re.search(r"how long|how much time|duration", lowered):
        patterns = [_SPAN_OF_TIME, _LENGTH]
    elif re.search(r"how fast|speed", lowered):
        patterns = [_SPEED, _SPAN_OF_TIME]
    elif re.search(r"how (?:often|frequently)", lowered):
        patterns = [_FREQUENCY]
    elif re.search(r"how (?:far|tall|high|deep|wide|large|big)|length|height|distance", lowered):
        patterns = [_LENGTH, _SPAN_OF_TIME]
    elif re.search(r"percent|per cent|proportion|share|rate\b", lowered):
        patterns = [_SHARE]
    elif re.search(r"how much|price|cost", lowered):
        patterns = [_MONEY] if re.search("cost|price|pay|worth", lowered) else [_MONEY, QUANTITY]
    elif re.search(r"how old|\bage\b", lowered):
        patterns = [_SPAN_OF_TIME, QUANTITY]
    elif counted := re.search(r"how many(?: \w+){0,2}? (\w{3,})", lowered):
        unit = re.escape(counted[1][: max(4, len(counted[1]) - 3)])
        after = re.compile(rf"(?<![\w.,-]){_RANGE}(?: \w+){{0,2}}? {unit}\w*", re.IGNORECASE)
        patterns = [after, QUANTITY]
    else:
        patterns = [QUANTITY]
    for pattern in patterns[:1] if sure else patterns:
        found = [m[0] for m in pattern.finditer(sentence) if m[0].lower() not in lowered]
        if found:
            return found
    return []


def names(question: str, sentence: str) -> list[str]:
    """The capitalised names of the sentence that are not in the question."""
    asked = set(words(question))
    found = []
    for match in NAME.finditer(sentence):
        name = match[0].rstrip(".’'").removesuffix("'s").removesuffix("’s")
        own = words(name)
        if match.start() <= 1 and own and own[0] in FUNCTION_WORDS:
            name = name.partition(" ")[2]
            own = own[1:]
        if not own or not asked.isdisjoint(own):
            continue
        # A single word that begins the sentence may be any word at all.
        if match.start() > 1 or len(own) > 1:
            found.append(name)
    return list(dict.fromkeys(found))
