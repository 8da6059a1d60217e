const { Router } = require("express");
const { answer } = require("../services/llm");
const { search } = require("../services/store");

const router = Router();

router.post("/", async (req, res, next) => {
  try {
    const found = await search(req.body.question);
    const context = found.map((document) => document.pageContent).join("\n");
    res.json({ answer: await answer(req.body.question, context) });
  } catch (error) {
    next(error);
  }
});

module.exports = router;
