"""Any extractive question answering model of Hugging Face as a reader.

Its confidence is the logistic of its best span's lead over "no answer", which is a probability
only for models trained with unanswerable questions (SQuAD 2.0) and is not calibrated.
"""

import logging
from collections.abc import Sequence
from typing import Any

from index.errors import ModelProblem
from qa.reading.calibration import Calibration, calibrated
from qa.reading.reader import SPANS, Reading
from qa.reading.spans import Span, apart, best_spans

WINDOW, OVERLAP = 384, 128
_NO_ANSWER = -20.0
_CALIBRATION = Calibration(answerable=1.0, span=0.0, lead=0.0, intercept=0.0)


class HuggingFaceReader:
    """A model by its name on the hub or by the path of its folder, run by transformers."""

    threshold = 0.5

    def __init__(self, name: str) -> None:
        try:
            import torch  # noqa: F401
            import transformers
        except ImportError as error:
            raise ModelProblem(
                f"The reader {name!r} needs torch: pip install 'footnote-qa[models]', or leave "
                "FOOTNOTE_READER out for the reader that ships with Footnote."
            ) from error
        self.name = name
        logging.getLogger("transformers").setLevel(logging.ERROR)
        try:
            self._tokenizer: Any = transformers.AutoTokenizer.from_pretrained(name)
            self._model: Any = transformers.AutoModelForQuestionAnswering.from_pretrained(name)
        except (OSError, ValueError) as error:
            raise ModelProblem(
                f"The reader {name!r} is neither a folder nor a Hugging Face extractive question "
                "answering model that can be loaded. The one that comes with Footnote is "
                "FOOTNOTE_READER=footnote."
            ) from error
        if not self._tokenizer.is_fast:
            raise ModelProblem(f"The reader {name!r} has no fast tokenizer, which tells offsets.")
        self._model.eval()

    def read(
        self,
        question: str,
        passages: Sequence[str],
        contexts: Sequence[str] | None = None,
        *,
        thorough: bool = False,
    ) -> list[Reading]:
        """All passages in one padded batch, so always thorough; a long one in overlapping windows.

        `contexts` are not read: such a model was not trained to tell them from the passage.
        """
        import torch

        if not passages:
            return []
        encoded = self._tokenizer(
            [question] * len(passages),
            list(passages),
            truncation="only_second",
            max_length=WINDOW,
            stride=OVERLAP,
            padding=True,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping").tolist()
        owners = encoded.pop("overflow_to_sample_mapping").tolist()
        with torch.inference_mode():
            output = self._model(**encoded)
        starts, ends = output.start_logits.float().numpy(), output.end_logits.float().numpy()
        spans: list[list[Span]] = [[] for _ in passages]
        for row, owner in enumerate(owners):
            inside = [i for i, part in enumerate(encoded.sequence_ids(row)) if part == 1]
            spans[owner] += best_spans(
                passages[owner],
                [tuple(offsets[row][i]) for i in inside],
                starts[row, inside] - starts[row, 0],
                ends[row, inside] - ends[row, 0],
                SPANS,
            )
        found = [apart(sorted(each, key=lambda s: -s.score), SPANS) for each in spans]
        best = [each[0].score if each else _NO_ANSWER for each in found]
        return calibrated(_CALIBRATION, found, best, [()] * len(passages))
