"""`RateLimit`: how many requests a minute one caller may make of this process."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

_CALLERS_BEFORE_SWEEP = 10_000


class Limit(Protocol):
    """This process's own, or one that all processes of a library share."""

    def wait_seconds(self, caller: str, *, take: bool = True) -> int:
        """0 when the caller may go on, which is counted if they `take` it; else the seconds to
        wait."""
        ...


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimit:
    """A token bucket for each caller: bursts of up to a minute's worth, then an even flow.

    Buckets that are full again say nothing and are forgotten, so memory stays bounded by the
    callers of the last minute.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds; `per_minute` of 0 lets everything pass."""
        self._capacity = float(per_minute)
        self._per_second = per_minute / 60
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def wait_seconds(self, caller: str, *, take: bool = True) -> int:
        """See `Limit.wait_seconds`."""
        if not self._capacity:
            return 0
        now = self._clock()
        with self._lock:
            if len(self._buckets) >= _CALLERS_BEFORE_SWEEP:
                self._forget_full(now)
            bucket = self._buckets.setdefault(caller, _Bucket(self._capacity, now))
            bucket.tokens = self._refilled(bucket, now)
            bucket.filled_at = now
            if bucket.tokens >= 1:
                bucket.tokens -= take
                return 0
            return math.ceil((1 - bucket.tokens) / self._per_second)

    def _refilled(self, bucket: _Bucket, now: float) -> float:
        gained = (now - bucket.filled_at) * self._per_second
        return min(self._capacity, bucket.tokens + gained)

    def _forget_full(self, now: float) -> None:
        full = [c for c, b in self._buckets.items() if self._refilled(b, now) >= self._capacity]
        for caller in full:
            del self._buckets[caller]
