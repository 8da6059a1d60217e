const express = require("express");
const store = require("../services/store");
const { requireRole } = require("../middleware/auth");

const router = express.Router();

router.post("/", async (req, res) => {
  await store.addDocuments(req.body.documents);
  res.status(204).end();
});

router.delete("/:id", requireRole("curator"), async (req, res) => {
  const index = await store.getStore();
  await index.delete({ ids: [req.params.id] });
  res.status(204).end();
});

module.exports = router;
