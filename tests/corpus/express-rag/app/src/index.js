const express = require("express");
const rateLimit = require("express-rate-limit");
const { requireUser } = require("./middleware/auth");
const ask = require("./routes/ask");
const documents = require("./routes/documents");
const reports = require("./routes/reports");

const app = express();
app.use(express.json());

app.get("/health", (req, res) => res.json({ ok: true }));
app.use("/reports", reports);

app.use("/api", requireUser);
app.use("/api/ask", rateLimit({ windowMs: 60_000, max: 20 }), ask);
app.use("/api/documents", documents);

app.listen(process.env.PORT || 3000);
