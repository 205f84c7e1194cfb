"""Ask the article that comes with Footnote; a library of your own is asked the same way."""

from index import add_sample, open_library, read_settings
from qa import answer_chain

settings = read_settings()
with open_library(settings) as library:
    add_sample(library, settings)  # adds the bundled article to a library that holds nothing
    chain = answer_chain(library, settings)
    answer = chain.invoke({"question": "Who is Sergei Bersanov?"})

print(answer.text)
for citation in answer.citations:
    print(f"[{citation.n}] “{citation.quote}” {citation.title}, {citation.start}–{citation.end}")
