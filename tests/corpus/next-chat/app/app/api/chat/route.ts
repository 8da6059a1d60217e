import { streamText, tool, type UIMessage } from "ai";
import { z } from "zod";
import { models } from "@/lib/ai";

export const maxDuration = 30;

export async function POST(request: Request) {
  const { messages }: { messages: UIMessage[] } = await request.json();

  const result = streamText({
    model: models.chat,
    system: "You are the assistant of a hardware store. Answer briefly and never promise discounts.",
    messages,
    tools: {
      lookUpPage: tool({
        description: "Fetch a page of the manufacturer",
        inputSchema: z.object({ url: z.string() }),
        execute: async ({ url }) => {
          const response = await fetch(url);
          return response.text();
        },
      }),
    },
  });

  return result.toUIMessageStreamResponse();
}
