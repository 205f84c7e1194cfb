"""Whose event the page handles."""

from gradio.context import LocalContext

from qa.records.people import LOCAL, Person


def current_person() -> Person:
    """Whoever sent the event that is being handled; outside of one, this machine's own user.

    The page's event functions run in a context that holds the request, as `gr.Request` would give
    it to each of them.
    """
    request = LocalContext.request.get(None)
    if request is None:
        return LOCAL
    person: Person = request.state.person
    return person
