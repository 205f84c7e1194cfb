"""What other programs see of the page: an endpoint by name, a card to share, an icon."""

import httpx
import pytest
from browser import MINUTES
from gradio_client import Client
from gradio_client.exceptions import AppError

from ui.app import STATIC


def test_gradio_client_asks_by_the_name_of_the_endpoint(address: str) -> None:
    client = Client(address, verbose=False)
    answer = client.predict(question=MINUTES, api_name="/ask")
    assert answer["short_answer"] == "7 to 10 minutes"
    assert answer["citations"][0]["quote"].startswith("Were American and NATO missile systems")
    with pytest.raises(AppError, match="There is no article nowhere"):
        client.predict(question=MINUTES, article_ids=["nowhere"], api_name="/ask")
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/ask"]


def test_a_shared_address_shows_our_card_and_icon(address: str) -> None:
    html = httpx.get(address).text
    assert '<meta property="og:title" content="Footnote">' in html
    assert f'<meta property="og:url" content="{address}/">' in html
    assert "Click to try out the app" not in html
    assert "teamGradio" not in html
    icon = httpx.get(f"{address}/favicon.ico").content
    assert icon == (STATIC / "favicon.png").read_bytes()
