const { PineconeStore } = require("@langchain/pinecone");
const { OpenAIEmbeddings } = require("@langchain/openai");
const { Pinecone } = require("@pinecone-database/pinecone");

let store;

async function getStore() {
  if (!store) {
    const pineconeIndex = new Pinecone({ apiKey: process.env.PINECONE_API_KEY }).index("documents");
    store = await PineconeStore.fromExistingIndex(new OpenAIEmbeddings({ model: "text-embedding-3-small" }), { pineconeIndex });
  }
  return store;
}

exports.getStore = getStore;
exports.addDocuments = async (documents) => (await getStore()).addDocuments(documents);
exports.search = async (question) => (await getStore()).similaritySearch(question, 4);
