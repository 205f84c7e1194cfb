"""`/docs`: the OpenAPI document in Swagger UI, whose files come with a package."""

import secrets
from importlib.resources import files
from typing import Literal, get_args

from fastapi import APIRouter, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import FileResponse, HTMLResponse

SwaggerFile = Literal["swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"]


def docs_routes() -> APIRouter:
    """`GET /docs` and the files of its page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    async def docs(request: Request) -> HTMLResponse:
        script, style, icon = (
            request.url_for("docs_file", name=name).path for name in get_args(SwaggerFile)
        )
        page = get_swagger_ui_html(
            openapi_url=request.url_for("openapi").path,
            title=f"{request.app.title}: HTTP",
            swagger_js_url=script,
            swagger_css_url=style,
            swagger_favicon_url=icon,
        )
        nonce = secrets.token_urlsafe(16)  # for the one script within the page
        marked = bytes(page.body).decode().replace("<script>", f'<script nonce="{nonce}">')
        return HTMLResponse(marked, headers={"Content-Security-Policy": _policy(nonce)})

    @routes.get("/docs/{name}")
    async def docs_file(name: SwaggerFile) -> FileResponse:
        return FileResponse(str(files("fastapi_offline") / "static" / name))

    return routes


def _policy(nonce: str) -> str:
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'none'"
    )
