// What a start of Express with node-postgres costs: everything until requests could come.
import express from "express";
import pg from "pg";

const pool = new pg.Pool();
const app = express();
app.use(express.json());
app.get("/api/v1/auth/me", async (_request, response) => {
  response.json(await pool.query("SELECT 1"));
});
