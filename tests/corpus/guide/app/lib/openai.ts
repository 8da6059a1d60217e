import OpenAI from "openai";

export const openai = new OpenAI({ baseURL: "https://llm.wayfarer.example/v1" });
