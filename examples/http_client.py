"""Ask a running `footnote serve` over HTTP, as it answers: http_client.py [ADDRESS]."""

import json
import sys

import httpx

address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860"
question = {"question": "How long would a hypersonic missile need to reach Moscow?"}
with httpx.stream(
    "POST",
    f"{address}/v1/answer",
    json=question,
    headers={"Accept": "text/event-stream"},
    timeout=120,
) as reply:
    reply.raise_for_status()
    for line in reply.iter_lines():
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = json.loads(line.removeprefix("data: "))
            if event == "text":
                print(data["text"])
            elif event == "citation":
                print(f"[{data['n']}] “{data['quote']}”, {data['start']}–{data['end']}")
