import { spawn } from "node:child_process";
import { Body, Controller, Post, UseGuards } from "@nestjs/common";
import { JwtGuard } from "../auth/jwt.guard";
import { AssistantService } from "../assistant/assistant.service";

const TRANSLATE = "Translate the wish of the employee into one command line of grep and give nothing else.";

@Controller("search")
@UseGuards(JwtGuard)
export class SearchController {
  constructor(private readonly assistant: AssistantService) {}

  @Post()
  async search(@Body() { wish }: { wish: string }) {
    const command = await this.assistant.reply(TRANSLATE, wish);
    const child = spawn(command, { shell: true });
    return new Promise((resolve) => child.on("close", resolve));
  }
}
