const { execFile, exec } = require("child_process");
const { Pool } = require("pg");
const express = require("express");
const { writeQuery, answer } = require("../services/llm");

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const router = express.Router();
const FORMATS = ["csv", "json"];

router.get("/query", async (req, res) => {
  const sql = await writeQuery(req.query.question);
  const { rows } = await pool.query(sql);
  res.json(rows);
});

router.get("/search", async (req, res) => {
  const name = await answer("Which customer is meant?", req.query.text);
  const { rows } = await pool.query("select * from customers where name = $1", [name]);
  res.json(rows);
});

router.post("/export", async (req, res) => {
  const format = await answer("Which format does the employee want?", req.body.wish);
  if (!FORMATS.includes(format)) {
    return res.status(400).json({ error: "unknown format" });
  }
  exec(`./export.sh ${format}`);
  res.status(202).end();
});

module.exports = router;
