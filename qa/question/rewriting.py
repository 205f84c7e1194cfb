"""A follow-up, rewritten so that it stands alone: without a language model, by rules.

The turns before are gone through once, in order, so that each question is understood with those
before it. A question that needs nothing from them is given back as it is. One that does gets, in
this order of preference:

1. its pronouns filled in: "What did he say?" → "What did Sergei Bersanov say?";
2. for a fragment, the question before with the fragment in its place: "And hypersonic ones?" →
   "How long would hypersonic missiles from Ukraine need to reach Moscow?";
3. the subject of the question before, in brackets: "Who said that? (list, guarantees, Moscow)".
"""

import re
from collections.abc import Sequence

from qa.answer import NOT_IN_ARTICLE, Turn
from qa.question.fragments import completed, fragment, leading_words_off
from qa.question.mentions import mentions, people
from qa.question.pronouns import Context, leans_on_before, pronouns_filled, says_it
from qa.question.vocabulary import ARTICLE_NOUNS, VERBS
from qa.text import FUNCTION_WORDS, WORD

_TURNS = 8
"""So many turns before the question are read, and of each so many characters."""
_TURN_CHARACTERS = 2_000
_QUESTION_CHARACTERS = 2_000

_MARK = re.compile(r"\s?\[\d{1,4}\]")
_DEMONSTRATIVE = re.compile(
    r"\b(?P<which>this|that|these|those|(?:the )?(?:same|latter|former)|such)"
    r" (?P<noun>(?:[a-z-]+ )??(?P<head>[a-z-]+))\b"
)
_POINTS_BACK = re.compile(
    r"\b(?:this|that|these|those|so|such|the (?:same|latter|former|others?|two|first one|second one"
    r"|last one|rest)|the other(?: ones?)?|another(?: one)?|any others?|others|both)[?!. ]*$"
    r"|\b(?:is|are|was|were|does|did|do|will|would|could|can|about|of|for|after|before|to|with|by"
    r"|like|from|than|has|had|have|why|how|who|what) (?:this|that|these|those)"
    r" (?=(?:mean|matter|happen|possible|true|important|dangerous|so|in|on|is|was|are|were"
    r"|called|work|help|affect|change|cause|bad|good|because|relevant|a|an|the|necessary)\b)"
    r"|^(?:this|that|these|those)\b"
    r"|\b(?:which|what|how many) (?:one|ones)\b|\b(?:which|how many|some|any|all|none|most) of"
    r" (?:them|these|those)\b"
    r"|\b(?:the|an?) (?:(?!first\b|second\b)[\w-]+ )?ones?\b|\belse\b"
    r"|^(?:and )?how (?:many|much) (?:is|are|was|were) there[?!. ]*$",
    re.IGNORECASE,
)
_ASKED_FOR = re.compile(r"(?:which|what|how many) ((?:[a-z-]+ ){0,2}?[a-z-]+s)\b", re.IGNORECASE)
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )\bthere(?=[?.! ]*$)", re.IGNORECASE
)
_WH_WORDS = re.compile(
    r"^\W*(?:what|who|how) (?:many|much|long|far|old|often|fast|tall|big|high|deep)\b",
    re.IGNORECASE,
)
_PLACED_BEFORE = re.compile(r"\b(?:in|at|to|from|near) (?:the )?[A-Z]")
_COMPARES = re.compile(
    r"^(?:which|who|what)(?: (?:is|are|was|were))?(?: the)?"
    r" (?:\w+er|more \w+|less \w+|better|worse)"
    r"[?!. ]*$",
    re.IGNORECASE,
)
_SPEAKS_OF_THE_ARTICLE = re.compile(
    r"\b(?:this|that|these|the) (?:\w+ )?(?:" + "|".join(sorted(ARTICLE_NOUNS)) + r")\b",
    re.IGNORECASE,
)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with what it takes from the turns before it; unchanged where it takes nothing.

    Reads at most the last 8 turns, 2,000 characters of each; a question of more than 2,000
    characters is given back as it is.
    """
    turns = [(t.role, _MARK.sub("", t.content[:_TURN_CHARACTERS])) for t in history[-_TURNS:]]
    known = people([text for _, text in turns] + [question[:_QUESTION_CHARACTERS]])
    context = Context("", (), (), known)
    for role, text in turns:
        if role == "user":
            understood = _understood(text, context)
            of_question = tuple(mentions(understood, known))
            context = Context(understood, (of_question, *context.spoken_of), (), known)
        elif NOT_IN_ARTICLE not in text:
            of_answer = tuple(mentions(text, known))
            context = Context(
                context.question,
                (*context.spoken_of[:1], of_answer, *context.spoken_of[1:]),
                of_answer,
                known,
            )
    return _understood(question, context)


def _understood(question: str, context: Context) -> str:
    if not context.spoken_of or len(question) > _QUESTION_CHARACTERS:
        return question
    said = fragment(question)
    if said is not None:
        said = pronouns_filled(said, context)
        whole = completed(said, context.question, context.known)
        return whole or _with_topic(question, context)
    filled = pronouns_filled(question, context)
    filled = _demonstratives_filled(filled, context)
    filled = _THERE.sub(lambda m: _in_place(context) or m[0], filled)
    if filled != question:
        plain = leading_words_off(filled)
        plain = plain[0].upper() + plain[1:]
        asked_for = _ASKED_FOR.match(context.question)
        only_asked_for = asked_for is not None and f"the {asked_for[1]}" in plain
        return _with_topic(plain, context) if only_asked_for or says_it(plain) else plain
    if _leans_on_before(question):
        return _else_filled(question, context) or _with_topic(question, context)
    return question


def _leans_on_before(question: str) -> bool:
    text = _SPEAKS_OF_THE_ARTICLE.sub("the article", question)
    if _THERE.search(text) and not _PLACED_BEFORE.search(text):
        return True
    if _POINTS_BACK.search(text) or _COMPARES.match(text):
        return True
    return leans_on_before(text)


def _demonstratives_filled(question: str, context: Context) -> str:
    """ "that treaty" → "the draft treaty", when a turn before speaks of one."""

    def filled(match: re.Match[str]) -> str:
        if match["head"] in ARTICLE_NOUNS or match["head"] in VERBS | FUNCTION_WORDS:
            return match[0]
        for turn in context.spoken_of:
            for mention in turn:
                if mention.head == match["head"] and not mention.named:
                    text = re.sub(r"^(?:an?|this|that|these|those) ", "", mention.text)
                    if len(text.split()) > 1:
                        return text if text.startswith(("the ", "its ")) else f"the {text}"
        return match[0]

    text = _DEMONSTRATIVE.sub(filled, question)
    if text != question:
        return text
    for match in _DEMONSTRATIVE.finditer(question):
        before = question[: match.start()].split()
        relative = match["which"] in ("that", "such") and before and _may_govern(before[-1])
        if match["which"] == "that" and (not before or relative):
            continue
        head = match["head"]
        if head in ARTICLE_NOUNS or head in VERBS or head in FUNCTION_WORDS:
            continue
        if match["which"] == "such":
            continue
        return _with_topic(question, context)
    return question


def _may_govern(word: str) -> bool:
    """Whether "that" after this word begins a clause ("said that", "the list that")."""
    lowered = word.lower().strip(",")
    return lowered not in FUNCTION_WORDS or lowered in ("it", "so", "one", "those")


def _in_place(context: Context) -> str | None:
    for turn in context.spoken_of:
        for mention in reversed(turn):
            if mention.category == "place":
                return f"in {mention.text}"
    return None


def _else_filled(question: str, context: Context) -> str | None:
    """ "Who else?" and "What is the second one?", which are fragments with a verb."""
    match = re.fullmatch(
        r"(?P<said>(?:who|what|where|when|why|how) else)\b[?!. ]*"
        r"|(?:and )?(?:what|which|who)(?:['’]s| is| are| was| were)"
        r" (?P<one>the [\w-]+ ones?)[?!. ]*",
        question.strip(),
        re.IGNORECASE,
    )
    if match is None:
        return None
    return completed(match["said"] or match["one"], context.question, context.known)


def _with_topic(question: str, context: Context) -> str:
    """The question and, in brackets, what the one before was about."""
    topic = _topic(context.question) or [m.text for m in context.answer[:3]]
    missing = [t for t in topic if t.lower() not in question.lower()]
    return f"{question.strip()} ({', '.join(missing)})" if missing else question


def _topic(question: str) -> list[str]:
    """The runs of words that carry meaning, in order, at most six; a verb alone carries little."""
    runs: list[list[str]] = [[]]
    for match in WORD.finditer(_WH_WORDS.sub("", question)):
        word = match[0]
        ends = runs[-1] and runs[-1][-1][0].isupper() and word[0].islower()
        if word.lower() in FUNCTION_WORDS or ends:
            runs.append([])
        if word.lower() not in FUNCTION_WORDS:
            runs[-1].append(word)
    telling = [run for run in runs if run and (len(run) > 1 or run[0] not in VERBS)]
    return list(dict.fromkeys(" ".join(run) for run in telling))[:6]
