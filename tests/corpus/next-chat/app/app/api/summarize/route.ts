import { readFile } from "node:fs/promises";
import { generateText } from "ai";
import { auth } from "@/lib/auth";
import { models } from "@/lib/ai";
import { ratelimit } from "@/lib/limit";
import { recordCompletion } from "@/lib/log";

export async function POST(request: Request) {
  const session = await auth();
  if (!session?.user?.email) {
    return Response.json({ error: "unauthorized" }, { status: 401 });
  }
  const { success } = await ratelimit.limit(session.user.email);
  if (!success) {
    return Response.json({ error: "slow down" }, { status: 429 });
  }

  const { text } = await request.json();
  const system = await readFile("prompts/summarize.md", "utf8");
  const result = await generateText({ model: models.summary, system, prompt: text, maxOutputTokens: 400 });
  recordCompletion(session.user.email, result.text, result.usage.totalTokens);
  return Response.json({ summary: result.text });
}
