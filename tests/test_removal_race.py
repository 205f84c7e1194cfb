"""Articles come and go while all of them are asked: nobody hears of one that was not named."""

import threading
from pathlib import Path

from library_samples import BREAD, LIGHTHOUSE, TRAM

from index.articles import Article
from index.library import open_library
from index.settings import Settings
from qa.retrieval.passages import retrieve

SEARCHES = 300


def test_asking_all_articles_while_one_is_removed_never_fails(
    settings: Settings, small_model: Path
) -> None:
    settings = settings.model_copy(update={"embedding_model": str(small_model)})
    coming = [
        Article.of(BREAD.text.replace("rye", f"rye {n}"), f"Bread {n}", "bread.md")
        for n in range(4)
    ]
    over = threading.Event()
    faults: list[BaseException] = []

    def come_and_go() -> None:
        try:
            while not over.is_set():
                for article in coming:
                    library.add(article)
                for article in coming:
                    library.remove(article.id)
        except BaseException as error:
            faults.append(error)

    with open_library(settings) as library:
        library.add_many([LIGHTHOUSE, TRAM])
        changing = threading.Thread(target=come_and_go)
        changing.start()
        try:
            for _ in range(SEARCHES):
                assert retrieve(library, ["How hot must the oven be for the rye loaf?"], None, 5)
        finally:
            over.set()
            changing.join()
    assert not faults
