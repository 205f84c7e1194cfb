"""What was read → how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.reading.reader import Reading, Relevance
from qa.reading.spans import Span


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression on what was read (Platt 1999); `training.calibrate` fits it.

    The features are the best passage's answerability, its best span's score, how far the next
    passage's answerability is behind, and its place as retrieval ranked it, 0 for the first.
    """

    answerable: float
    span: float
    lead: float
    intercept: float
    rank: float = 0.0

    def confidence(self, answerable: float, span: float, lead: float, rank: int) -> float:
        z = (
            self.answerable * answerable
            + self.span * span
            + self.lead * min(lead, MOST_LEAD)
            - self.rank * rank
            + self.intercept
        )
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))


MOST_LEAD = 5.0
"""A longer lead over the next passage tells nothing more."""


def calibrated(
    calibration: Calibration,
    spans: Sequence[Sequence[Span]],
    answerable: Sequence[float],
    sentences: Sequence[tuple[Relevance, ...]],
) -> list[Reading]:
    """The readings of one question, with their confidences."""
    readings = []
    for number, (found, logit) in enumerate(zip(spans, answerable, strict=True)):
        others = [other for n, other in enumerate(answerable) if n != number]
        lead = logit - max(others, default=logit - MOST_LEAD)
        confidence = calibration.confidence(logit, found[0].score, lead, number) if found else 0.0
        readings.append(Reading(tuple(found), logit, confidence, sentences[number]))
    return readings
