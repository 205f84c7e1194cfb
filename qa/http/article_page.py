"""`/articles/{id}`: an article in a browser, at a quote. Where the addresses in citations lead."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from index.library import Library
from qa.http.problems import documented
from qa.http.rights import Asker

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
)
Place = Annotated[int, Query(ge=0, le=2**53, description="In code points of the text.")]


def article_page_routes(library: Library) -> APIRouter:
    """`GET /articles/{id}`."""
    routes = APIRouter(tags=["articles"])

    @routes.get(
        "/articles/{article_id}",
        response_class=HTMLResponse,
        responses=documented(401, 403, 404, 421, 422, 503),
    )
    def page(article_id: str, person: Asker, start: Place = 0, end: Place = 0) -> HTMLResponse:
        """The article's text in a browser, with the words from `start` to `end` marked."""
        article = library.within(person.rights).article(article_id)
        text = article.text
        return HTMLResponse(
            _pages.get_template("article.html").render(
                title=article.title,
                source=article.source,
                link=article.source.startswith(("http://", "https://")),
                before=text[:start],
                quote=text[start:end],
                after=text[max(start, end) :],
            )
        )

    return routes
