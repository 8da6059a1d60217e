import { openai } from "@/lib/openai";

export async function POST() {
  const guide = await openai.beta.assistants.create({
    name: "Guide",
    model: "gpt-4o",
    instructions:
      "You are a guide for travellers who walk. Answer in three sentences and never invent opening hours.",
    tools: [{ type: "file_search" }],
  });
  return Response.json({ id: guide.id });
}
