import { createOpenAI } from "@ai-sdk/openai";

export const openai = createOpenAI({ apiKey: process.env.OPENAI_API_KEY });

export const models = {
  chat: openai("gpt-4o"),
  summary: openai("gpt-4o-mini-2024-07-18"),
};
