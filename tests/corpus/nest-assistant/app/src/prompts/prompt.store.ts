import { promises as fs } from "fs";
import { Injectable } from "@nestjs/common";

@Injectable()
export class PromptStore {
  read(name: "assistant" | "search") {
    return fs.readFile(`prompts/${name}.md`, "utf8");
  }

  write(name: string, text: string) {
    return fs.writeFile(`prompts/${name.replace(/[^a-z]/g, "")}.md`, text);
  }
}
