import { Injectable, Logger } from "@nestjs/common";
import OpenAI from "openai";

const settings = { model: process.env.ASSISTANT_MODEL ?? "gpt-4.1-2025-04-14", max_tokens: 700 };

@Injectable()
export class AssistantService {
  private readonly logger = new Logger(AssistantService.name);
  private readonly client = new OpenAI({ baseURL: process.env.GATEWAY_URL });

  async reply(instructions: string, question: string): Promise<string> {
    const completion = await this.client.chat.completions.create({
      ...settings,
      messages: [
        { role: "system", content: instructions },
        { role: "user", content: question },
      ],
    });
    const text = completion.choices[0]?.message?.content ?? "";
    this.logger.log(`asked ${question}, answered ${text}`);
    return text;
  }

  async *stream(question: string): AsyncGenerator<string> {
    const stream = await this.client.chat.completions.create({
      model: "gpt-4.1",
      stream: true,
      messages: [{ role: "user", content: question }],
    });
    for await (const chunk of stream) {
      yield chunk.choices[0]?.delta?.content ?? "";
    }
  }
}
