"""`Parts`: what the page is made over, taken once from the service that it is mounted on."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

from fastapi import FastAPI

from index.errors import NotAllowed, NotFound
from index.library import Library
from index.loading.fetch import PageFetcher
from index.settings import Settings
from qa.answer import Answer
from qa.chain import AnswerRequest
from qa.events import Event
from qa.http.answer_queue import AnswerQueue
from qa.records.audit import AuditLog
from qa.records.conversations import Conversation, Conversations
from qa.records.feedback import FeedbackBook
from qa.records.people import Person
from qa.records.pins import Pins
from qa.records.sharing import Sharing
from ui.person import current_person
from ui.render.article_views import ArticleViews
from ui.render.lists import render_conversations
from ui.starters import Starters


@dataclass(frozen=True, slots=True)
class PersonalQueue:
    """The queue of answers, asked by one person."""

    _queue: AnswerQueue
    _person: Person

    async def answer(self, request: AnswerRequest) -> Answer:
        """See `AnswerQueue.answer`."""
        return await self._queue.answer(request, self._person)

    def events(self, request: AnswerRequest) -> AsyncGenerator[Event]:
        """See `AnswerQueue.events`."""
        return self._queue.events(request, self._person)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one service, each as the person may use it whose event is being handled.

    The page keeps nothing else between two events.
    """

    settings: Settings
    pins: Pins
    fetcher: PageFetcher
    audit: AuditLog
    starters: Starters
    views: ArticleViews
    _library: Library
    _queue: AnswerQueue
    _conversations: Conversations
    _feedback: FeedbackBook
    _sharing: Sharing

    @property
    def person(self) -> Person:
        return current_person()

    @property
    def library(self) -> Library:
        return self._library.within(self.person.rights)

    @property
    def conversations(self) -> Conversations:
        """Under the token of a link, the conversation of another can be read too."""
        return self._conversations.of(self.person, self._by_link)

    @property
    def feedback(self) -> FeedbackBook:
        return self._feedback.of(self.person)

    @property
    def queue(self) -> "PersonalQueue":
        return PersonalQueue(self._queue, self.person)

    def _by_link(self, token: str) -> Conversation:
        try:
            return self._sharing.read(token, self.person)
        except NotAllowed as error:
            raise NotFound(str(error)) from error

    def listed(self, current: str) -> str:
        """The list of conversations; `current` is the id of the one that is open."""
        return render_conversations(self.conversations.list(), current, self.pins.ids())


def parts_of(app: FastAPI, settings: Settings) -> Parts:
    """The parts in `app.state` (see `qa.http.app.create_app`), and those of the page itself."""
    state = app.state
    library: Library = state.library
    return Parts(
        settings=settings,
        pins=Pins(library.database),
        fetcher=state.fetcher,
        audit=state.audit,
        starters=Starters(state.chain, settings),
        views=ArticleViews(lambda: library.within(current_person().rights)),
        _library=library,
        _queue=state.queue,
        _conversations=state.conversations,
        _feedback=state.feedback,
        _sharing=state.sharing,
    )
