"""Settings of the service, from the environment."""

import os

DATABASE_PATH = os.environ.get("DATABASE_PATH", "support.db")
SESSION_COOKIE = os.environ.get("SESSION_COOKIE", "northwind_session")
WEBHOOK_TOKEN = os.environ["WEBHOOK_TOKEN"]

# Models are called through the company's gateway.
GATEWAY = "https://models.northwind.example/v1"

# The alias moves whenever the vendor moves it.
CHAT_MODEL = os.environ.get("CHAT_MODEL", "gpt-4o")
TRIAGE_MODEL = "gpt-4o-mini-2024-07-18"
FALLBACK_MODEL = "claude-3-5-sonnet-20241022"
HANDBOOK_MODEL = "gpt-4o-mini-2024-07-18"
REPORT_MODEL = "mistral-large-2411"

# Shared by the calls of the chat.
GENERATION = {"max_tokens": 600, "temperature": 0.2}
