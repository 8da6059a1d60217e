"""Settings of the help desk."""

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    chat_model: str = "gpt-4o-mini"
    embedding_model: str = "text-embedding-3-small"
    gateway_url: str = "http://litellm.helpdesk.internal:4000/v1"
    max_tokens: int = 700
    database_url: str = "sqlite:///helpdesk.db"


settings = Settings()
