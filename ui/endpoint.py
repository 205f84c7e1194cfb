"""`ask`, the endpoint of the page that `gradio_client` and agents call by its name."""

from typing import Any

import gradio as gr
from gradio.events import api

from index.errors import FootnoteError
from qa.chain import AnswerRequest
from ui.parts import Parts


def add_endpoint(parts: Parts) -> None:
    """To be called inside the page's Blocks."""

    async def ask(question: str, article_ids: list[str] | None = None) -> dict[str, Any]:
        """The answer to a question, in the schema of every surface.

        Args:
            question: what to ask, in plain language.
            article_ids: ids of the articles to ask; none: all of them.
        """
        ids = None if article_ids is None else tuple(article_ids)
        try:
            request = AnswerRequest(question=question, article_ids=ids)
            answer = await parts.queue.answer(request)
        except FootnoteError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return answer.model_dump(mode="json")

    api(ask, api_name="ask", concurrency_limit=None)
