import { openai } from "@/lib/openai";

export async function POST(request: Request, { params }: { params: { threadId: string } }) {
  const { content } = await request.json();
  await openai.beta.threads.messages.create(params.threadId, { role: "user", content });
  const run = openai.beta.threads.runs.stream(params.threadId, {
    assistant_id: process.env.GUIDE_ID!,
    max_completion_tokens: 600,
  });
  return new Response(run.toReadableStream());
}
