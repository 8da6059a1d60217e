import { openai } from "@/lib/openai";

// A thread is only a conversation: nothing of the guide itself changes.
export async function POST() {
  const thread = await openai.beta.threads.create();
  return Response.json({ id: thread.id });
}
