import time

import pytest
from pydantic import ValidationError

from qa.answer import Turn
from qa.question.rewriting import standalone


def said(*contents: str) -> list[Turn]:
    roles = ("user", "assistant")
    return [Turn(role=roles[i % 2], content=content) for i, content in enumerate(contents)]


MISSILES = said(
    "How long would missiles from Ukraine need to reach Moscow?",
    "Were American and NATO missile systems to appear in Ukraine, they would need only 7 to 10 "
    "minutes to reach Moscow. [1]",
)
BERSANOV = said(
    "Who is Sergei Bersanov?",
    "Sergei Bersanov, a political analyst, expects the talks to begin in January as scheduled. [1]",
)
ON_CHINA = said(
    "What did Bersanov say about China?",
    'He added that an "informal" alliance between Moscow and Beijing becomes more realistic as '
    "Western pressure on Russia grows. [1]",
)
MINISTER = said(
    "Who is the deputy foreign minister?",
    "Sergei Ryabkov, Russia's deputy foreign minister, put that worry into words. [1]",
)
TREATY = said(
    "How many articles does the draft treaty have?",
    "The Russian Foreign Ministry published its draft treaty, which has 8 articles. [1]",
)
LIST = said(
    "What did the West call the list?",
    "The West called the list controversial and ruled out some of its points. [1]",
)
CURIE = said(
    "Where was Marie Curie born?",
    "Marie Curie was born in Warsaw. She shared the prize with her husband Pierre Curie. [1]",
)
TOWER = said(
    "When was the Eiffel Tower built?",
    "It was built from 1887 to 1889 by the company of Gustave Eiffel. [1]",
)
WHALES = said(
    "What do blue whales eat?",
    "Blue whales eat krill almost exclusively. [1] An adult eats up to 3,600 kg a day. [2]",
)
CAPITAL = said("What is the capital of Georgia?", "Tbilisi is the capital of Georgia. [1]")
TWO_PEOPLE = said(
    "Who founded the laboratory?",
    "Rosalind Weber founded the laboratory in 1921, and Karl Brandt paid for it. [1]",
)
REJECTS = said("Does Russia reject preconditions?", "Russia would put up with none. [1]")
RETREAT = said(
    "Who thinks the West will be slow to give up its plans?",
    "Andrei Ontikov tends to think that the West will be neither easy nor quick to give up its "
    "plans for changing the situation in Europe. [1]",
)
FEARS = said(
    "What is the first fear of the officials in Moscow?",
    "The first is that the discussion of their proposals becomes a marathon. [1]",
)
SANCTIONS = said(
    "Which countries imposed sanctions on Iran?",
    "The United States and the European Union imposed sanctions on Iran. [1]",
)
WANTS = said(
    "What does Russia want from NATO?",
    "Russia wants written guarantees from the alliance, and it wants them formalised soon. [1]",
)
OUTSIDE = said(
    "Which countries must stay outside NATO?",
    "The former Soviet republics must stay outside NATO. [1] Two are meant above all. [2]",
)
HAMLET = said("Who wrote Hamlet?", "Hamlet was written by William Shakespeare around 1600. [1]")
PHONE = said(
    "What did Apple announce in 2007?", "Apple announced the iPhone on 9 January 2007. [1]"
)

NEEDS_THE_TURNS_BEFORE = [
    (RETREAT, "What is his profession?", "What is Andrei Ontikov's profession?"),
    (FEARS, "And the second one?", "What is the second fear of the officials in Moscow?"),
    (FEARS, "and the last?", "What is the last fear of the officials in Moscow?"),
    (FEARS, "What is the second one?", "What is the second fear of the officials in Moscow?"),
    (MISSILES, "And hypersonic ones?", "How long would hypersonic missiles from Ukraine need"),
    (MISSILES, "and hypersonic ones", "How long would hypersonic missiles from Ukraine need"),
    (MISSILES, "Hypersonic ones?", "hypersonic missiles from Ukraine need to reach Moscow?"),
    (MISSILES, "What about hypersonic missiles?", "How long would hypersonic missiles from"),
    (MISSILES, "And from Georgia?", "missiles from Georgia need to reach Moscow?"),
    (MISSILES, "How about bombers?", "How long would bombers from Ukraine need"),
    (MISSILES, "How fast are they?", "How fast are missiles"),
    (MISSILES, "Which is faster?", "missiles"),
    (MISSILES, "Why?", "Why would missiles from Ukraine need to reach Moscow?"),
    (MISSILES, "Who said that?", "missiles"),
    (BERSANOV, "What did he say about China?", "What did Sergei Bersanov say about China?"),
    (BERSANOV, "what did he say about china?", "hat did Sergei Bersanov say about china?"),
    (BERSANOV, "What are his views?", "What are Sergei Bersanov's views?"),
    (BERSANOV, "And Andrei Ontikov?", "Who is Andrei Ontikov?"),
    (BERSANOV, "Does he think that Russia will attack?", "Does Sergei Bersanov think that"),
    (ON_CHINA, "And Ontikov?", "What did Ontikov say about China?"),
    (ON_CHINA, "And Ukraine?", "What did Bersanov say about Ukraine?"),
    (ON_CHINA, "And about sanctions?", "What did Bersanov say about sanctions?"),
    (ON_CHINA, "What else?", "What else did Bersanov say about China?"),
    (ON_CHINA, "When did he say that?", "When did Bersanov say that? (China)"),
    (MINISTER, "What does he reject?", "What does Sergei Ryabkov reject?"),
    (TREATY, "Who published it?", "Who published the draft treaty?"),
    (TREATY, "What does that treaty say?", "What does the draft treaty say?"),
    (TREATY, "And the charter?", "How many articles does the charter have?"),
    (TREATY, "What is it about?", "What is the draft treaty about?"),
    (LIST, "Who presented it?", "Who presented the list?"),
    (LIST, "What did it rule out?", "What did the West rule out?"),
    (LIST, "And NATO?", "What did NATO call the list?"),
    (CURIE, "When did she die?", "When did Marie Curie die?"),
    (CURIE, "Who was her husband?", "Who was Marie Curie's husband?"),
    (CURIE, "When did he die?", "When did Pierre Curie die?"),
    (CURIE, "When did she meet him?", "When did Marie Curie meet Pierre Curie?"),
    (TOWER, "How tall is it?", "How tall is the Eiffel Tower?"),
    (TOWER, "And the Louvre?", "When was the Louvre built?"),
    (TOWER, "By whom?", "By whom was the Eiffel Tower built?"),
    (WHALES, "How long do they live?", "How long do blue whales live?"),
    (WHALES, "And grey ones?", "grey whales eat?"),
    (WHALES, "How much?", "blue whales"),
    (CAPITAL, "How big is it?", "How big is the capital of Georgia?"),
    (CAPITAL, "And of Armenia?", "What is the capital of Armenia?"),
    (TWO_PEOPLE, "Where did she study?", "Where did Rosalind Weber study?"),
    (TWO_PEOPLE, "Where did he study?", "Where did Karl Brandt study?"),
    (REJECTS, "Why?", "Why does Russia reject preconditions?"),
    (SANCTIONS, "When did they do it?", "countries"),
    (WANTS, "Why does it want them?", "Why does Russia want written guarantees?"),
    (WANTS, "And from the United States?", "What does Russia want from the United States?"),
    (OUTSIDE, "What about Belarus?", "Must Belarus stay outside NATO?"),
    (OUTSIDE, "Do they want to join?", "Do the countries want to join? (stay outside NATO)"),
    (HAMLET, "When was it written?", "When was Hamlet written?"),
    (HAMLET, "What else did he write?", "What else did William Shakespeare write?"),
    (HAMLET, "And Macbeth?", "Who wrote Macbeth?"),
    (PHONE, "And in 2010?", "What did Apple announce in 2010?"),
    (PHONE, "Who presented it?", "Who presented the iPhone?"),
    (SANCTIONS, "And on Cuba?", "Which countries imposed sanctions on Cuba?"),
]

STANDS_ALONE = [
    "What did Sergei Ryabkov say?",
    "Who is Andrei Ontikov?",
    "How many articles does the draft treaty have?",
    "What does this article say about China?",
    "What is this article about?",
    "tl;dr",
    "Give me the main points",
    "Who said that Russia would accept no preconditions?",
    "What did Putin say about his plans?",
    "Did Marie Curie share her prize?",
    "Is it true that NATO grows eastward?",
    "Is it possible to reach Moscow in five minutes?",
    "How long does it take to fly to Mars?",
    "Why does Russia fear that NATO will grow?",
    "What are the countries that must stay outside NATO?",
    "Which treaty was signed that year?",
    "When will the talks begin?",
    "How many countries are there in Europe?",
    "Is there a military option?",
    "What happens if Russia's concerns are ignored?",
    "Do the analysts agree that force achieves nothing?",
    "Which missiles are faster than bombers?",
    "Does Georgia want to join NATO?",
    "What is the Cuban missile crisis?",
    "Cuban missile crisis",
    "Why did the West criticise the list of guarantees?",
    "What did the Russian Foreign Ministry publish, and when did it publish its draft?",
    "Who will remind the alliance of its founding charter?",
    "Where do blue whales live?",
    "List the countries outside NATO",
    "What does NATO stand for?",
    "Did Ryabkov warn that the United States would break their promise?",
    "What are the terms of the treaty of 1997?",
    "Who thinks it unlikely that either party resorts to force?",
    "Hello",
]


@pytest.mark.parametrize(("history", "question", "expected"), NEEDS_THE_TURNS_BEFORE)
def test_a_follow_up_carries_what_the_turns_before_were_about(
    history: list[Turn], question: str, expected: str
) -> None:
    assert expected in standalone(question, history)


@pytest.mark.parametrize("question", STANDS_ALONE)
def test_a_question_that_stands_alone_is_not_touched(question: str) -> None:
    for history in (BERSANOV, MISSILES, TREATY, CURIE, ON_CHINA):
        assert standalone(question, history) == question


@pytest.mark.parametrize("question", ["And hypersonic ones?", "What did he say?", "Why?", ""])
def test_without_turns_before_nothing_changes(question: str) -> None:
    assert standalone(question, []) == question


def test_turns_are_understood_one_after_the_other() -> None:
    history = [*BERSANOV, *said("What did he say about China?", "He added a word. [1]")]
    assert standalone("And about the US?", history) == (
        "What did Sergei Bersanov say about the US?"
    )
    history += said("And about the US?", "The next move is up to the US. [1]")
    assert standalone("Why does he think so?", history).startswith(
        "Why does Sergei Bersanov think so?"
    )


def test_a_man_is_not_meant_by_she() -> None:
    assert "did Sergei" not in standalone("What did she say?", BERSANOV)


def test_the_gender_that_the_answer_shows_is_respected() -> None:
    history = said(
        "Who wrote the report?",
        "Robin Marlow wrote the report with Kim Sato. Sato says that she would write it again.",
    )
    assert standalone("When was she born?", history) == "When was Kim Sato born?"
    assert standalone("When was he born?", history) == "When was Robin Marlow born?"


def test_footnote_marks_of_an_answer_are_no_part_of_a_name() -> None:
    history = said("Who signed it first?", "Anna Lind [1] signed it before Jan Horn [2].")
    assert standalone("How old is she?", history) == "How old is Anna Lind?"


def test_a_refusal_names_nobody() -> None:
    history = said("Who is Sergei Bersanov?", "The article does not say.")
    assert standalone("What did he say?", history) == "What did Sergei Bersanov say?"


@pytest.mark.parametrize(
    "content",
    ["A" * 100_000, "The " * 25_000, "he said that " * 7_000, "[1]" * 30_000, "A. " * 30_000,
     "Ann and " * 12_000, "the of " * 14_000, "\n" * 100_000, "who is " * 14_000, "'s " * 30_000],
)  # fmt: skip
def test_hostile_turns_take_bounded_time(content: str) -> None:
    history = [Turn(role=role, content=content) for role in ("user", "assistant")] * 20
    begun = time.process_time()
    standalone("What did he say about it?", history)
    standalone(content[:1_990] + " he?", history)
    assert time.process_time() - begun < 5


def test_a_turn_has_a_known_role_and_a_limit() -> None:
    with pytest.raises(ValidationError):
        Turn.model_validate({"role": "system", "content": "x"})
    with pytest.raises(ValidationError):
        Turn(role="user", content="x" * 100_001)
