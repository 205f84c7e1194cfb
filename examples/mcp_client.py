"""Ask `footnote mcp` as an assistant does, over its standard input and output."""

import asyncio
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

SERVER = StdioServerParameters(
    command=sys.executable,
    args=["-c", "from ui.cli import main; main()", "mcp"],  # `footnote mcp`
    env=dict(os.environ),
)


async def main() -> None:
    async with stdio_client(SERVER) as (reading, writing), ClientSession(reading, writing) as mcp:
        await mcp.initialize()
        listed = await mcp.call_tool("list_articles", {})
        print(listed.structured_content)
        asked = {"question": "How many articles has the draft treaty?"}
        reply = await mcp.call_tool("ask", asked)
        print(reply.structured_content["text"])


asyncio.run(main())
