import { Body, Controller, Get, Post, Query, UseGuards } from "@nestjs/common";
import { JwtGuard } from "../auth/jwt.guard";
import { PromptStore } from "../prompts/prompt.store";
import { AssistantService } from "./assistant.service";

@Controller("assistant")
export class AssistantController {
  constructor(
    private readonly assistant: AssistantService,
    private readonly prompts: PromptStore,
  ) {}

  @Post("ask")
  @UseGuards(JwtGuard)
  async ask(@Body("question") question: string) {
    return { answer: await this.assistant.reply(await this.prompts.read("assistant"), question) };
  }

  @Get("try")
  async preview(@Query("q") question: string) {
    let text = "";
    for await (const piece of this.assistant.stream(question)) {
      text += piece;
    }
    return { text };
  }
}
