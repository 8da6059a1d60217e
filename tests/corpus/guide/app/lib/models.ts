import { google } from "@ai-sdk/google";
import { wrapLanguageModel } from "ai";
import { middleware } from "./middleware";

// One object for the whole application: whoever asks goes through it.
export const fast = wrapLanguageModel({
  model: google("gemini-2.0-flash-001"),
  middleware,
});
export const best = wrapLanguageModel({ model: google("gemini-2.5-pro"), middleware });
