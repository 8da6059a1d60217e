"""Prompts are files below prompts/, reviewed like code."""

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "prompts"


def load_prompt(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def save_prompt(name: str, text: str) -> None:
    (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
