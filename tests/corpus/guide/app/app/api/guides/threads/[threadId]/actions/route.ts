import { openai } from "@/lib/openai";
import { currentUser } from "@/lib/session";

export async function POST(request: Request, { params }: { params: { threadId: string } }) {
  const user = await currentUser();
  if (!user) return new Response("sign in", { status: 401 });
  const { runId, outputs } = await request.json();
  console.log("tool outputs of %s: %o", user.id, outputs);
  const run = openai.beta.threads.runs.submitToolOutputsStream(params.threadId, runId, {
    tool_outputs: outputs,
  });
  return new Response(run.toReadableStream());
}
