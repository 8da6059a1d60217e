import { Module } from "@nestjs/common";
import { APP_GUARD } from "@nestjs/core";
import { ThrottlerGuard, ThrottlerModule } from "@nestjs/throttler";
import { AssistantController } from "./assistant/assistant.controller";
import { AssistantService } from "./assistant/assistant.service";
import { PromptsController } from "./prompts/prompts.controller";
import { SearchController } from "./search/search.controller";

@Module({
  imports: [ThrottlerModule.forRoot([{ ttl: 60_000, limit: 20 }])],
  controllers: [AssistantController, PromptsController, SearchController],
  providers: [AssistantService, { provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
