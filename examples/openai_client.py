"""Ask a running `footnote serve` with OpenAI's client: openai_client.py [ADDRESS]."""

import sys

from openai import OpenAI

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860"
client = OpenAI(base_url=f"{address}/v1", api_key="a key of FOOTNOTE_API_KEYS, or anything")
reply = client.chat.completions.create(
    model="footnote",
    messages=[{"role": "user", "content": "How many articles has the draft treaty?"}],
)
print(reply.choices[0].message.content)
for citation in reply.model_extra["footnote"]["citations"]:
    print(f"[{citation['n']}] “{citation['quote']}”")
