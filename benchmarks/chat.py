"""A chat model behind any OpenAI-compatible server beside the reader alone, on the bundled sets.

    python -m llama_cpp.server --model FILE --n_ctx 4096 --port 8000        # or Ollama, vLLM, …
    python -m benchmarks.chat --base-url http://127.0.0.1:8000/v1 --model NAME [--sample 20]

`right`, `refused` and `wrong` are those of `footnote check`; `refused` counts wrong refusals alone.
`loose` are statements shown of whose content words less than six in ten stand in their own quotes;
they are printed for a person to judge, since most are paraphrases and the rest are unsupported.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from index.settings import Settings
from qa.answer import Answer
from qa.chain import AnswerChain
from qa.evaluation.cases import PlacedCase, TestSet
from qa.evaluation.run import BUNDLED_SETS, ask, load_sets, temporary_library
from qa.evaluation.scoring import CaseResult
from qa.events import AnswerEvent, DraftEvent, StatementEvent
from qa.text import stems

WORD_FOR_WORD = 0.6


@dataclass
class Run:
    """The results of one answerer, and when something could be read of each answer."""

    results: list[CaseResult] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    """Seconds until the first words, a reader's draft included."""
    whole: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        answers = [result.answer for result in self.results]
        used = [answer.usage for answer in answers if answer.usage]
        right = sum(result.right for result in self.results)
        refused = sum(result.refused and not result.right for result in self.results)
        tokens = ["-", "-"]
        if used:
            tokens = [
                f"{statistics.mean(usage.input_tokens for usage in used):.0f}",
                f"{statistics.mean(usage.output_tokens for usage in used):.0f}",
            ]
        cells = [
            f"{right}",
            f"{refused}",
            f"{len(self.results) - right - refused}",
            f"{sum(len(list(loose(answer))) for answer in answers)}",
            f"{sum(answer.answerer.startswith('reader:') for answer in answers)}",
            f"{statistics.median(self.first):.1f}",
            f"{statistics.median(self.whole):.1f}",
            *tokens,
        ]
        return f"{name:28}" + "".join(f"{cell:>12}" for cell in cells)


HEAD = f"{'':28}" + "".join(
    f"{name:>12}"
    for name in (
        "right",
        "refused",
        "wrong",
        "loose",
        "by reader",
        "first, s",
        "whole, s",
        "tokens in",
        "tokens out",
    )
)


def loose(answer: Answer) -> Iterator[str]:
    """The statements of an answer that are far from the words of their quotes."""
    quotes = {citation.n: citation.quote for citation in answer.citations}
    for line in answer.text.split("\n\n"):
        said, *marks = line.replace("]", "").split("[")
        numbers = [int(mark) for mark in marks if mark.strip().isdigit()]
        held = set(stems(" ".join(quotes[n] for n in numbers if n in quotes)))
        wanted = stems(said)
        if numbers and sum(word in held for word in wanted) < WORD_FOR_WORD * len(wanted):
            yield f"{said.strip()}  <-  {' / '.join(quotes[n] for n in numbers)}"


def run(settings: Settings, chosen: Sequence[tuple[TestSet, PlacedCase]]) -> Run:
    done = Run()
    with temporary_library(settings) as (library, chain):
        articles = {a.id: a for test_set, _ in chosen for a in test_set.articles}
        library.add_many(tuple(articles.values()))
        for test_set, placed in chosen:
            article = {article.id: article for article in test_set.articles}.__getitem__
            timed = _Timed(chain)
            done.results.append(ask(test_set.name, placed, timed, article))
            done.first.append(timed.first)
            done.whole.append(timed.whole)
    return done


class _Timed:
    """Asks the chain and notes when the first words and the whole came."""

    def __init__(self, chain: AnswerChain) -> None:
        self._chain = chain
        self.first = self.whole = 0.0

    def __call__(self, request: dict[str, Any]) -> Answer:
        began = time.monotonic()
        for event in self._chain.events(request):
            if not self.first and isinstance(event, DraftEvent | StatementEvent | AnswerEvent):
                self.first = time.monotonic() - began
        self.whole = time.monotonic() - began
        assert isinstance(event, AnswerEvent)
        return event.answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--model", required=True, help="its name on that server")
    parser.add_argument("--sample", type=int, help="so many cases, drawn with a fixed seed")
    parser.add_argument("--show", action="store_true", help="every answer of the model, to read")
    given = parser.parse_args()
    alone = Settings()
    sets = load_sets(BUNDLED_SETS, alone)
    chosen = [(test_set, placed) for test_set in sets for placed in test_set.cases]
    if given.sample:
        chosen = random.Random(1).sample(chosen, min(given.sample, len(chosen)))
    model = alone.model_copy(
        update={
            "chat_model": f"openai:{given.model}",
            "chat_base_url": given.base_url,
            "chat_timeout_seconds": 120.0,
        }
    )
    print(f"{len(chosen)} cases\n{HEAD}", flush=True)
    print(run(alone, chosen).row("the reader alone"), flush=True)
    with_model = run(model, chosen)
    print(with_model.row(given.model))
    for result in with_model.results:
        answer = result.answer
        if given.show:
            verdict = "right" if result.right else "refused" if result.refused else "wrong"
            note = f" ({answer.note})" if answer.note else ""
            print(f"\n{verdict} by {answer.answerer}: {answer.question}\n{answer.text}{note}")
        for statement in loose(answer):
            print(f"loose: {statement}")


if __name__ == "__main__":
    main()
