import { generateText } from "ai";
import { models } from "@/lib/ai";
import { Markup } from "@/components/markup";
import { recordCompletion } from "@/lib/log";

export default async function Report() {
  const { text } = await generateText({
    model: models.summary,
    prompt: "Write today's report on stock levels as an HTML fragment with one table.",
    maxOutputTokens: 800,
  });
  recordCompletion("report", text);
  return (
    <main>
      <h1>Report</h1>
      <Markup html={text} />
      <p>{text}</p>
    </main>
  );
}
