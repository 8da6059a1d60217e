"""An agent that looks after servers, and its tools."""

import asyncio
import json
import logging
import os
import shlex
import subprocess
from pathlib import Path

import httpx
from agents import Agent, ModelSettings, Runner, function_tool
from agents.mcp import MCPServerStdio

from approvals import ask_operator

logger = logging.getLogger("ops")
LOGS = Path("/var/log/ops")
SERVICES = {"web", "worker", "cache"}


@function_tool
def run_command(command: str) -> str:
    """Runs a command on the host."""
    return subprocess.run(shlex.split(command), capture_output=True, text=True).stdout


@function_tool
def run_approved(command: str) -> str:
    """Runs a command that an operator has agreed to."""
    if not ask_operator(command):
        return "refused"
    return subprocess.run(command, shell=True, capture_output=True, text=True).stdout


@function_tool
def restart(service: str) -> str:
    """Restarts one of our services."""
    if service not in SERVICES:
        raise ValueError(service)
    subprocess.run(["systemctl", "restart", service], check=True)
    return "restarted"


@function_tool
def read_log(name: str) -> str:
    """The last lines of a log."""
    return (LOGS / name).read_text()[-4000:]


@function_tool
def fetch(url: str) -> str:
    """A page of the status sites."""
    return httpx.get(url, timeout=10).text


@function_tool(needs_approval=True)
def remove_file(path: str) -> str:
    """Removes a file, after an operator has agreed."""
    os.remove(path)
    return "removed"


@function_tool
def load_of(host_number: int) -> str:
    """The load of a host."""
    return httpx.get(f"http://metrics.ops.internal/hosts/{host_number}").text


files = MCPServerStdio(params={"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/srv"]})

agent = Agent(
    name="ops",
    instructions=Path("prompts/ops.md").read_text(),
    model="gpt-4.1-2025-04-14",
    model_settings=ModelSettings(max_tokens=1500),
    tools=[run_command, run_approved, restart, read_log, fetch, remove_file, load_of],
    mcp_servers=[files],
)


async def main(task: str) -> None:
    result = await Runner.run(agent, task)
    logger.info(json.dumps({"task": task, "reply": result.final_output}))
    print(result.final_output)


if __name__ == "__main__":
    asyncio.run(main(input("task: ")))
