"""A follow-up question, rewritten by a chat model so that it can be understood alone."""

from collections.abc import Sequence
from contextlib import closing

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from index.errors import ModelProblem
from prompts import Prompts
from qa.answer import Turn
from qa.chat.citations import cited_sentences
from qa.chat.model import ChatModel
from qa.chat.prompt_sentences import boundary
from qa.chat.prompt_text import as_data
from qa.chat.support import missing_detail
from qa.text import WORD, stem, stems

TURNS = 6
"""The last turns that are shown to the model."""
TURN_CHARACTERS = 1_500
COVERAGE = 0.6
"""Share of a rewritten question's content words that must have been said before."""
QUESTION_CHARACTERS = 500
"""A longer reply is no question that was rewritten."""


def condense(
    model: ChatModel, prompts: Prompts, question: str, history: Sequence[Turn]
) -> str | None:
    """The question in words that stand alone; `None` without history or when that failed.

    It failed when the model did, and when its reply is not one short line or holds a name, number,
    date or quotation that is in neither the question nor the history.
    """
    if not history:
        return None
    shown = [f"{turn.role}: {as_data(turn.content)[:TURN_CHARACTERS]}" for turn in history[-TURNS:]]
    said = "\n".join(shown)
    line = boundary([said, question])
    messages = [
        SystemMessage(prompts.condense_rules.fill(boundary=line)),
        HumanMessage(
            prompts.condense_question.fill(
                boundary=line, history=said, question=" ".join(question.split())
            )
        ),
    ]
    try:
        rewritten = _reply(model, messages)
    except ModelProblem:
        return None
    source = "\n".join([question, *(turn.content for turn in history)])
    return rewritten if _may_stand_for(rewritten, source) else None


def _reply(model: ChatModel, messages: list[BaseMessage]) -> str:
    """One line, or nothing when there is too much of it."""
    sentences: list[str] = []
    with closing(model.reply(messages)) as pieces:
        for sentence in cited_sentences(pieces):
            sentences.append(sentence.text)
            if len(" ".join(sentences)) > QUESTION_CHARACTERS:
                return ""
    return " ".join(sentences).strip(' "“”')


def _may_stand_for(rewritten: str, source: str) -> bool:
    wanted, held = stems(rewritten), set(stems(source))
    _first, *others = [match[0] for match in WORD.finditer(rewritten)] or [""]
    names = [word for word in others if word != word.lower()]
    return (
        bool(wanted)
        and sum(word in held for word in wanted) >= COVERAGE * len(wanted)
        and all(stem(name.lower()) in held for name in names)
        and missing_detail(rewritten, source) is None
    )
