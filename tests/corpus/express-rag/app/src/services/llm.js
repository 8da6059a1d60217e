const { ChatOpenAI } = require("@langchain/openai");
const { ChatPromptTemplate } = require("@langchain/core/prompts");
const { StringOutputParser } = require("@langchain/core/output_parsers");
const logger = require("./logger");

const model = new ChatOpenAI({ model: "gpt-4-turbo", maxTokens: 600, temperature: 0 });

const prompt = ChatPromptTemplate.fromMessages([
  ["system", "Answer the question of the employee from the context below and say so if the context has no answer.\n\n{context}"],
  ["human", "{question}"],
]);

async function answer(question, context) {
  const chain = prompt.pipe(model).pipe(new StringOutputParser());
  const reply = await chain.invoke({ question, context });
  logger.info("answered", { question, reply });
  return reply;
}

async function writeQuery(question) {
  const reply = await model.invoke(`Write one SQL query for PostgreSQL that answers the question: ${question}`);
  return reply.content;
}

module.exports = { answer, writeQuery };
