"""Long work in steps: how far it is, what comes of it, and that it can be stopped."""

from threading import Event

import pytest

from ui.progress import Done, Progress, Stopped, Tell, in_steps


def test_it_tells_how_far_it_is_and_what_came_of_it() -> None:
    def work(tell: Tell) -> str:
        for n in (1, 2):
            tell(n, 2)
        return "made"

    steps = list(in_steps(work, Event()))
    assert [(s.done, s.total) for s in steps if isinstance(s, Progress)] == [(0, 0), (1, 2), (2, 2)]
    assert steps[-1] == Done("made")
    last = steps[-2]
    assert isinstance(last, Progress)
    assert last.seconds_left == 0


def test_it_ends_where_it_next_tells_how_far_it_is() -> None:
    stop, reached = Event(), []

    def work(tell: Tell) -> None:
        for n in range(3):
            reached.append(n)
            if n == 1:
                stop.set()
            tell(n, 3)

    with pytest.raises(Stopped):
        list(in_steps(work, stop))
    assert reached == [0, 1]


def test_what_goes_wrong_in_it_is_raised() -> None:
    def work(tell: Tell) -> None:
        raise ValueError("at fault")

    with pytest.raises(ValueError, match="at fault"):
        list(in_steps(work, Event()))
