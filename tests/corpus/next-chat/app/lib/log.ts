import pino from "pino";

const logger = pino({ name: "next-chat" });

export function recordCompletion(user: string, text: string, tokens?: number) {
  logger.info({ user, text, tokens }, "completion");
}
