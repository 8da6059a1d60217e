import { generateObject } from "ai";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { fast } from "./models";

const stops = z.array(z.object({ name: z.string(), hours: z.number() }));
const system = readFileSync("prompts/itinerary.md", "utf8");

export async function planDay(city: string, wishes: string) {
  const { object } = await generateObject({
    model: fast,
    schema: stops,
    prompt: `Plan one day in the city of ${city} for a traveller with these wishes: ${wishes}`,
  });
  return object;
}

export async function nameDay(day: string) {
  const { object } = await generateObject({
    model: fast,
    maxTokens: 40,
    schema: z.object({ title: z.string() }),
    system,
    prompt: day,
    experimental_telemetry: { isEnabled: true },
  });
  return object.title;
}
