"""Pages of questions and answers, and dialogues: who says what, and what nobody says."""

import random

from training.lists import JOINS, data, half
from training.names import Names
from training.synthetic import Example, asked, mark, sentence, unmark
from training.values import Values


def answers_page(
    rng: random.Random, names: Names, values: Values, development: bool
) -> list[Example]:
    """A page of questions and answers."""
    del names
    entries = half(data()["answers"], development)
    chosen = rng.sample(entries, min(len(entries) - 1, rng.randint(2, 6)))
    q, a = rng.choice(
        [("Q: ", "A: "), ("", ""), ("**", ""), ("## ", ""), ("Question: ", "Answer: ")]
    )
    join = rng.choice(JOINS)
    lines = []
    for at, entry in enumerate(chosen):
        questions, text, spec = (part.strip() for part in entry.split(" ; "))
        told = text.replace("{v}", mark(f"{at}", values.draw(spec).text))
        asked_there = q + rng.choice(questions.split(" | ")) + ("**" if q == "**" else "")
        lines.append(asked_there + join + a + sentence(told))
    page = unmark("\n\n".join(lines))
    made = []
    for at, entry in enumerate(chosen):
        text = asked(rng.choice(entry.split(" ; ")[0].split(" | ")), rng)
        made.append(page.example("answers/value", text, page.spans[f"{at}"]))
    absent = [entry for entry in entries if entry not in chosen]
    for entry in rng.sample(absent, min(len(chosen), len(absent))):
        text = asked(rng.choice(entry.split(" ; ")[0].split(" | ")), rng)
        made.append(page.example("answers/absent", text))
    return made


def dialogue(rng: random.Random, names: Names, values: Values, development: bool) -> list[Example]:
    """People who say what each will do; who does what, and what nobody said."""
    del values
    everything = [task for line in data()["talk"] for task in line.split("/")]
    tasks = half(everything, development)
    chosen = rng.sample(tasks, min(len(tasks) // 2, rng.randint(2, 5)))
    people = [names.first(rng.random() < 0.5) for _ in range(8)]
    people = list(dict.fromkeys(people))
    speakers = [people[at % max(2, len(chosen) - 1)] for at in range(len(chosen))]
    upper = rng.random() < 0.4
    lines = []
    says = (
        "I will {t}.",
        "I can {t} tomorrow.",
        "Then I'll {t}.",
        "Leave it to me, I'll {t}.",
        "All right, I will {t}.",
    )
    small = (
        "Good.",
        "Thank you.",
        "That would help.",
        "Is there anything else?",
        "It is getting late.",
        "Fine with me.",
    )
    for speaker, task in zip(speakers, chosen, strict=True):
        shown = speaker.upper() if upper else speaker
        said = rng.choice(says).replace("{t}", mark(f"task {task}", task))
        lines.append(sentence(f"{mark(task, shown)}: {said}"))
        if rng.random() < 0.4:
            other = people[-1] if rng.random() < 0.5 else rng.choice(speakers)
            lines.append(f"{other.upper() if upper else other}: {rng.choice(small)}")
    page = unmark(rng.choice(JOINS).join(lines))
    made = []
    forms = (
        "Who will {t}?",
        "Who is going to {t}?",
        "Who said that they would {t}?",
        "Who offered to {t}?",
        "Who promised to {t}?",
    )
    for task in chosen:
        made.append(
            page.example(
                "dialogue/who", asked(rng.choice(forms).replace("{t}", task), rng), page.spans[task]
            )
        )
    promised = (
        "What will {p} do?",
        "What does {p} promise to do?",
        "What is {p} going to do?",
        "What did {p} offer to do?",
    )
    for person in dict.fromkeys(speakers):
        spans = [
            span
            for s, t in zip(speakers, chosen, strict=True)
            if s == person
            for span in page.spans[f"task {t}"]
        ]
        text = asked(rng.choice(promised).replace("{p}", person), rng)
        made.append(page.example("dialogue/what", text, spans))
    for task in rng.sample([task for task in tasks if task not in chosen], len(chosen)):
        made.append(
            page.example("dialogue/nobody", asked(rng.choice(forms).replace("{t}", task), rng))
        )
    silent = [person for person in people if person not in speakers]
    for person in silent[-2:]:
        made.append(
            page.example("dialogue/silent", asked(rng.choice(promised).replace("{p}", person), rng))
        )
    return rng.sample(made, min(8, len(made)))


def examples(rng: random.Random, development: bool) -> list[Example]:
    """The questions of one page or one dialogue."""
    names = Names(rng, development)
    maker = rng.choice([answers_page, dialogue])
    return maker(rng, names, Values(rng, names, words=False), development)
