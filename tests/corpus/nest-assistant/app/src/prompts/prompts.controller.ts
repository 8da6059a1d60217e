import { Body, Controller, Get, Param, Put, Delete, UseGuards } from "@nestjs/common";
import { JwtGuard } from "../auth/jwt.guard";
import { Roles } from "../auth/roles.decorator";
import { RolesGuard } from "../auth/roles.guard";
import { PromptStore } from "./prompt.store";

@Controller("prompts")
@UseGuards(JwtGuard)
export class PromptsController {
  constructor(private readonly store: PromptStore) {}

  @Get(":name")
  read(@Param("name") name: "assistant") {
    return this.store.read(name);
  }

  @Put(":name")
  write(@Param("name") name: string, @Body("text") text: string) {
    return this.store.write(name, text);
  }

  @Delete(":name")
  @UseGuards(RolesGuard)
  @Roles("admin")
  remove(@Param("name") name: string) {
    return this.store.write(name, "");
  }
}
