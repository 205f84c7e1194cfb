"""`Parts`: what the page is made over, taken once from the service that it is mounted on."""

from dataclasses import dataclass

from fastapi import FastAPI

from index.library import Library
from index.loading.fetch import PageFetcher
from index.settings import Settings
from qa.http.answer_queue import AnswerQueue
from qa.records.conversations import Conversations
from qa.records.feedback import FeedbackBook
from qa.records.pins import Pins
from ui.render.article_views import ArticleViews
from ui.render.lists import render_conversations
from ui.starters import Starters


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one service. The page keeps nothing else between two events."""

    settings: Settings
    library: Library
    queue: AnswerQueue
    conversations: Conversations
    feedback: FeedbackBook
    pins: Pins
    fetcher: PageFetcher
    views: ArticleViews
    starters: Starters

    def listed(self, current: str) -> str:
        """The list of conversations; `current` is the id of the one that is open."""
        return render_conversations(self.conversations.list(), current, self.pins.ids())


def parts_of(app: FastAPI, settings: Settings) -> Parts:
    """The parts in `app.state` (see `qa.http.app.create_app`), and those of the page itself."""
    state = app.state
    return Parts(
        settings=settings,
        library=state.library,
        queue=state.queue,
        conversations=state.conversations,
        feedback=state.feedback,
        pins=Pins(state.library.database),
        fetcher=state.fetcher,
        views=ArticleViews(state.library),
        starters=Starters(state.chain, settings),
    )
