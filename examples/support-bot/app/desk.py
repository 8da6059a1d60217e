"""What an agent at the help desk may do, over MCP."""

import subprocess
from pathlib import Path

from mcp.server.fastmcp import FastMCP

mcp = FastMCP("northwind-desk")

SERVICES = ("mailer", "printer")


# Whatever the agent is told to read.
@mcp.tool()
def read_log(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


@mcp.tool()
def restart(service: str) -> str:
    if service not in SERVICES:
        raise ValueError(service)
    subprocess.run(["systemctl", "restart", service], check=True)
    return f"{service} was restarted"
