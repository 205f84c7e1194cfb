"""`/docs`: the OpenAPI document as a page that needs no outside host.

Swagger UI and its like come from a content delivery network or as megabytes of script; this page
is the document itself, readable without any script, with a few lines that send the examples.
"""

import json
import secrets
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --accent: #2456a6 }
@media (prefers-color-scheme: dark) { :root { --accent: #9cc0ff } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0;
  padding: .5rem .8rem }
summary { cursor: pointer } code, pre, textarea { font: 14px/1.45 ui-monospace, monospace }
b.method { color: var(--accent); display: inline-block; min-width: 4.5rem }
textarea, input { width: 100%; box-sizing: border-box; margin: .2rem 0 .6rem }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line);
  padding: .6rem }
table { border-collapse: collapse } td { padding: .1rem .8rem .1rem 0; vertical-align: top }
"""
_SCRIPT = """
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, shown = form.querySelector("output"), headers = {};
  let path = form.dataset.path, query = new URLSearchParams(), body;
  for (const field of form.querySelectorAll("input[data-in]")) {
    if (field.dataset.in === "path")
      path = path.replace(`{${field.name}}`, encodeURIComponent(field.value));
    else if (field.value) query.append(field.name, field.value);
  }
  const file = form.querySelector("input[type=file]"), text = form.querySelector("textarea");
  if (file && file.files.length) { body = new FormData(); body.append("file", file.files[0]); }
  else if (text) { body = text.value; headers["Content-Type"] = "application/json"; }
  const key = document.getElementById("key").value;
  if (key) headers["Authorization"] = `Bearer ${key}`;
  shown.textContent = "…";
  try {
    const url = query.size ? `${path}?${query}` : path;
    const answer = await fetch(url, {method: form.dataset.method, headers, body});
    const said = await answer.text();
    let pretty = said;
    try { pretty = JSON.stringify(JSON.parse(said), null, 2); } catch {}
    shown.textContent = `${answer.status} ${answer.statusText}\\n\\n${pretty}`;
  } catch (error) { shown.textContent = String(error); }
});
"""


def docs_routes() -> APIRouter:
    """`GET /docs`."""
    routes = APIRouter()

    @routes.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        nonce = secrets.token_urlsafe(16)
        policy = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; "
            "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
        page = docs_page(request.app.openapi(), nonce)
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    return routes


def docs_page(document: dict[str, Any], nonce: str) -> str:
    """The page of an OpenAPI document; `nonce` marks its own style and script."""
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            group = (operation.get("tags") or ["other"])[0]
            groups.setdefault(group, []).append(_operation(path, method, operation, document))
    body = "".join(
        f"<section><h2>{escape(name)}</h2>{''.join(operations)}</section>"
        for name, operations in groups.items()
    )
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: HTTP</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<style nonce="{nonce}">{_STYLE}</style></head><body><main><h1>{title} over HTTP</h1>'
        f"<p>{escape(document['info']['description'])}</p>"
        '<p>The same for programs: <a href="/openapi.json">openapi.json</a>.</p>'
        '<label>Key, if the service asks for one: <input id="key" type="password" '
        f'autocomplete="off"></label>{body}</main>'
        f'<script nonce="{nonce}">{_SCRIPT}</script></body></html>'
    )


def _operation(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    answers = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(response['description'])}</td></tr>"
        for status, response in operation["responses"].items()
    )
    return (
        f'<details><summary><b class="method">{method.upper()}</b> <code>{escape(path)}</code> '
        f"{escape(operation.get('summary', ''))}</summary>"
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"{_form(path, method, operation, document)}<table>{answers}</table></details>"
    )


def _form(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    fields = [
        f'<label>{escape(p["name"])} ({p["in"]})<input name="{escape(p["name"])}" '
        f'data-in="{p["in"]}"{" required" if p.get("required") else ""}></label>'
        for p in operation.get("parameters", [])
    ]
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        fields.append('<label>File (sent instead of the JSON)<input type="file"></label>')
    if "application/json" in content:
        example = json.dumps(
            _example(content["application/json"], document), indent=2, ensure_ascii=False
        )
        rows = example.count("\n") + 2
        fields.append(f'<label>JSON<textarea rows="{rows}">{escape(example)}</textarea></label>')
    return (
        f'<form data-path="{escape(path)}" data-method="{method.upper()}">{"".join(fields)}'
        "<button>Send</button><pre><output></output></pre></form>"
    )


def _example(media: dict[str, Any], document: dict[str, Any]) -> Any:
    """The first example of a body; made of its schema's own examples where none is given."""
    for example in media.get("examples", {}).values():
        return example["value"]
    return _example_of(media["schema"], document)


def _example_of(schema: dict[str, Any], document: dict[str, Any]) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _example_of(document["components"]["schemas"][name], document)
    if "example" in schema:
        return schema["example"]
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return _example_of(schema[key][0], document)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        return {
            name: _example_of(field, document)
            for name, field in schema.get("properties", {}).items()
            if name in schema.get("required", [])
        }
    empty: dict[str, Any] = {"string": "", "integer": 0, "array": []}
    return schema.get("default", empty.get(schema.get("type", "")))
