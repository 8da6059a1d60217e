import { streamText, tool } from "ai";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { planDay, nameDay } from "@/lib/itinerary";
import { best } from "@/lib/models";
import { currentUser } from "@/lib/session";

const system = readFileSync("prompts/itinerary.md", "utf8");

export async function POST(request: Request) {
  const { question, express } = await request.json();
  if (express) {
    if (!(await currentUser())) return new Response("sign in", { status: 401 });
    return Response.json({ title: await nameDay(String(question)) });
  } else {
    if (!(await currentUser())) return new Response("sign in", { status: 401 });
    const result = streamText({
      model: best,
      system,
      maxTokens: 800,
      messages: [{ role: "user", content: String(question) }],
      tools: {
        planDay: tool({
          description: "Plans one day",
          parameters: z.object({ city: z.string(), wishes: z.string() }),
          execute: async ({ city, wishes }) => planDay(city, wishes),
        }),
      },
      experimental_telemetry: { isEnabled: true },
    });
    return result.toDataStreamResponse();
  }
}
