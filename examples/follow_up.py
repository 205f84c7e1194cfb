"""A follow-up, with the turns before it: what was understood, and the answer to that."""

from index.library import open_library
from index.sample import add_sample
from index.settings import read_settings
from qa.chain import answer_chain

settings = read_settings()
with open_library(settings) as library:
    add_sample(library, settings)
    reply = answer_chain(library, settings).invoke(
        {
            "question": "And how many articles does it have?",
            "history": [
                {"role": "user", "content": "Who published the draft treaty?"},
                {"role": "assistant", "content": "The Russian Foreign Ministry. [1]"},
            ],
        }
    )
    print(f"Understood as: {reply.standalone_question}")
    print(reply.text)
