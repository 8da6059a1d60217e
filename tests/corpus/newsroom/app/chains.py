"""Chains of prompts and models."""

import logging
from pathlib import Path

from langchain_anthropic import ChatAnthropic
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate, PromptTemplate
from langchain_openai import ChatOpenAI

logger = logging.getLogger("newsroom")


class Recorder(BaseCallbackHandler):
    """Writes each reply and its usage to the log."""

    def on_llm_end(self, response, **kwargs):
        logger.info("reply %s usage %s", response.generations, response.llm_output)


claude = ChatAnthropic(
    model="claude-3-5-haiku-20241022",
    max_tokens=500,
    base_url="https://gateway.newsroom.example/anthropic",
    callbacks=[Recorder()],
)
gpt = ChatOpenAI(model="gpt-4o", temperature=0.9, callbacks=[Recorder()])

summary_prompt = ChatPromptTemplate.from_messages(
    [
        ("system", Path("prompts/summary.txt").read_text()),
        ("human", "{text}"),
    ]
)
summary_chain = summary_prompt | claude | StrOutputParser()

headline_prompt = PromptTemplate.from_template(
    "Write a headline of at most eight words for this story, in the style of the paper: {story}"
)
headline_chain = headline_prompt | gpt | StrOutputParser()

question_prompt = ChatPromptTemplate.from_messages(
    [
        ("system", Path("prompts/question.txt").read_text()),
        ("human", "{stories}"),
        ("human", "{question}"),
    ]
)
question_chain = question_prompt | claude | StrOutputParser()
