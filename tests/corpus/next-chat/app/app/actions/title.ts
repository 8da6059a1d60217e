"use server";

import { generateText } from "ai";
import { models } from "@/lib/ai";

export async function suggestTitle(conversation: string) {
  const { text } = await generateText({
    model: models.summary,
    prompt: `Suggest a title of at most five words for the conversation below.\n\n${conversation}`,
    maxOutputTokens: 20,
  });
  console.log("title", text);
  return text;
}
