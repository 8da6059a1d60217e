"""Instructions, from files."""

from pathlib import Path

FOLDER = Path(__file__).parent / "prompts"


def load_prompt(name):
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")
