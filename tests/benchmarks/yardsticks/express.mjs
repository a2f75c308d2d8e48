// An Express back end that answers as Luxaris does, the way such back ends are usually written:
// helmet, CORS, a rate limit in memory, zod, an XSS filter, sessions in Redis, one pg pool, and
// after each answer a row in a request log. One process.
//
// node express.mjs '{"redis": port, "posts": n}'
// prints {"port", "session", "variant", "connection"} once it serves, and ends with its input.

import { randomBytes, randomUUID } from "node:crypto";

import cors from "cors";
import express from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import IORedis from "ioredis";
import pg from "pg";
import { FilterXSS } from "xss";
import { z } from "zod";

const settings = JSON.parse(process.argv[2]);
const SESSION_SECONDS = 86400;

const pool = new pg.Pool({ max: 20, options: "-c search_path=express" });
const redis = new IORedis({ host: "127.0.0.1", port: settings.redis });
const plain = new FilterXSS({ whiteList: {}, stripIgnoreTag: true, stripIgnoreTagBody: ["script"] });
const rich = new FilterXSS({ whiteList: { p: [], b: [], strong: [], em: [], a: ["href"] } });

const SCHEMA = `
  DROP SCHEMA IF EXISTS express CASCADE;
  CREATE SCHEMA express;
  CREATE TABLE express.users (id serial PRIMARY KEY, email varchar(255) UNIQUE NOT NULL,
    name varchar(255) NOT NULL, avatar_url text, auth_method varchar(50) NOT NULL,
    status varchar(50) NOT NULL, is_root boolean NOT NULL, timezone varchar(100) NOT NULL,
    locale varchar(10) NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz, is_deleted boolean NOT NULL DEFAULT false);
  CREATE TABLE express.roles (id serial PRIMARY KEY, name varchar(100), slug varchar(100) UNIQUE);
  CREATE TABLE express.permissions (id serial PRIMARY KEY, resource varchar(100), action varchar(50));
  CREATE TABLE express.role_permissions (role_id int, permission_id int,
    UNIQUE (role_id, permission_id));
  CREATE TABLE express.role_assignments (user_id int, role_id int, UNIQUE (user_id, role_id));
  CREATE TABLE express.posts (id serial PRIMARY KEY, owner_principal_id int NOT NULL,
    title varchar(200), description text NOT NULL, tags jsonb DEFAULT '[]',
    status varchar(20) DEFAULT 'draft', metadata jsonb DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz, is_deleted boolean NOT NULL DEFAULT false);
  CREATE INDEX ON express.posts (owner_principal_id);
  CREATE INDEX ON express.posts (status);
  CREATE INDEX ON express.posts (created_at);
  CREATE TABLE express.post_variants (id serial PRIMARY KEY, post_id int NOT NULL,
    content text NOT NULL, status varchar(20) DEFAULT 'draft',
    is_deleted boolean NOT NULL DEFAULT false);
  CREATE INDEX ON express.post_variants (post_id);
  CREATE TABLE express.schedules (id serial PRIMARY KEY, post_variant_id int,
    channel_connection_id int, run_at timestamptz NOT NULL, timezone varchar(50) NOT NULL,
    status varchar(20) DEFAULT 'pending', attempt_count int DEFAULT 0,
    last_attempt_at timestamptz, error_code varchar(50), error_message text,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON express.schedules (status, run_at);
  CREATE INDEX ON express.schedules (post_variant_id);
  CREATE INDEX ON express.schedules (channel_connection_id);
  CREATE TABLE express.events (id serial PRIMARY KEY, type varchar(100), name varchar(200),
    principal_id int, resource_type varchar(100), resource_id int, metadata jsonb,
    timestamp timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON express.events (name);
  CREATE INDEX ON express.events (timestamp);
  CREATE TABLE express.request_logs (id serial PRIMARY KEY, request_id uuid NOT NULL,
    method varchar(10), path varchar(500), status_code int, duration_ms int, principal_id int,
    ip_address inet, user_agent text, timestamp timestamptz NOT NULL DEFAULT now());
  CREATE INDEX ON express.request_logs (request_id);
  CREATE INDEX ON express.request_logs (timestamp);
  CREATE INDEX ON express.request_logs (path);
  INSERT INTO express.users (email, name, auth_method, status, is_root, timezone, locale)
    VALUES ('root@example.com', 'Root', 'password', 'active', true, 'UTC', 'en');
  INSERT INTO express.roles (name, slug) VALUES ('Administrator', 'admin');
  INSERT INTO express.permissions (resource, action)
    SELECT resource, action FROM unnest(ARRAY['user','post','channel','schedule']) AS resource,
      unnest(ARRAY['read','create','update','delete','execute']) AS action;
  INSERT INTO express.role_permissions SELECT 1, id FROM express.permissions;
  INSERT INTO express.role_assignments VALUES (1, 1);
`;

const one = async (...query) => (await pool.query(...query)).rows[0];
const all = async (...query) => (await pool.query(...query)).rows;
const refuse = (status, code) => Object.assign(new Error(code), { status, code });

const happened = (type, name, user, resource, id, metadata = {}) =>
  pool.query(
    `INSERT INTO events (type, name, principal_id, resource_type, resource_id, metadata)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [type, name, user.id, resource, id, metadata],
  );

function logged(request, response, next) {
  const began = process.hrtime.bigint();
  request.id = randomUUID();
  response.setHeader("X-Request-ID", request.id);
  response.on("finish", () => {
    const milliseconds = Number((process.hrtime.bigint() - began) / 1_000_000n);
    const { method, originalUrl, ip, user } = request;
    pool
      .query(
        `INSERT INTO request_logs (request_id, method, path, status_code, duration_ms,
           principal_id, ip_address, user_agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [request.id, method, originalUrl, response.statusCode, milliseconds, user?.id, ip,
          request.get("user-agent")],
      )
      .catch(console.error);
  });
  next();
}

function cleaned(request, _response, next) {
  const clean = (value, key) => {
    if (typeof value === "string") return /description|content/.test(key) ? rich.process(value) : plain.process(value).trim();
    if (Array.isArray(value)) return value.map((each) => clean(each, key));
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, clean(each, name)]));
    return value;
  };
  if (request.method !== "GET" && request.body) request.body = clean(request.body, "");
  next();
}

async function signedIn(request, _response, next) {
  const key = `sessions:${request.get("x-session-id")}`;
  const session = await redis.hgetall(key);
  if (!session.user_id) throw refuse(401, "INVALID_SESSION");
  const user = await one("SELECT * FROM users WHERE id = $1 AND NOT is_deleted", [session.user_id]);
  if (user?.status !== "active") throw refuse(403, "USER_INACTIVE");
  await redis.multi().hset(key, "last_activity", Date.now()).expire(key, SESSION_SECONDS).exec();
  request.user = user;
  next();
}

const NewPost = z.object({
  title: z.string().max(200).optional(),
  description: z.string().min(1),
  tags: z.array(z.string()).default([]),
  metadata: z.record(z.string(), z.unknown()).default({}),
});
const ListPosts = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
const NewSchedule = z.object({
  post_variant_id: z.number().int(),
  channel_connection_id: z.number().int(),
  run_at: z.iso.datetime({ offset: true }),
  timezone: z.string().default("UTC"),
});

const app = express();
app.use(helmet(), cors({ origin: "*", credentials: true }), logged);
app.use(rateLimit({ windowMs: 900_000, limit: 1e9 }));
app.use(express.json({ limit: "20mb" }), cleaned, signedIn);

app.get("/api/v1/auth/me", async ({ user }, response) => {
  const roles = await all(
    `SELECT r.id, r.name, r.slug FROM roles AS r JOIN role_assignments AS a ON a.role_id = r.id
     WHERE a.user_id = $1`,
    [user.id],
  );
  const permissions = await all(
    `SELECT DISTINCT p.resource, p.action FROM permissions AS p
     JOIN role_permissions AS rp ON rp.permission_id = p.id
     JOIN role_assignments AS a ON a.role_id = rp.role_id WHERE a.user_id = $1`,
    [user.id],
  );
  const words = permissions.map(({ resource, action }) => `${resource}:${action}`);
  response.json({ ...user, roles, permissions: words });
});

app.post("/api/v1/posts", async ({ user, body }, response) => {
  const { title, description, tags, metadata } = NewPost.parse(body);
  const post = await one(
    `INSERT INTO posts (owner_principal_id, title, description, tags, metadata)
     VALUES ($1, $2, $3, $4, $5) RETURNING *`,
    [user.id, title, description, JSON.stringify(tags), metadata],
  );
  await happened("post", "POST_CREATED", user, "post", post.id);
  response.status(201).json({ data: post });
});

app.get("/api/v1/posts", async ({ user, query }, response) => {
  const { limit, offset } = ListPosts.parse(query);
  const mine = "FROM posts WHERE owner_principal_id = $1 AND NOT is_deleted";
  const data = await all(
    `SELECT * ${mine} ORDER BY updated_at DESC LIMIT $2 OFFSET $3`,
    [user.id, limit, offset],
  );
  const { count } = await one(`SELECT count(*) ${mine}`, [user.id]);
  response.json({ data, pagination: { limit, offset, total: Number(count) } });
});

app.post("/api/v1/schedules", async ({ user, body }, response) => {
  const wanted = NewSchedule.parse(body);
  const runAt = new Date(wanted.run_at);
  if (runAt <= new Date()) throw refuse(400, "SCHEDULE_TIME_MUST_BE_FUTURE");
  const variant = await one("SELECT * FROM post_variants WHERE id = $1 AND NOT is_deleted", [
    wanted.post_variant_id,
  ]);
  const post = variant && (await one("SELECT * FROM posts WHERE id = $1", [variant.post_id]));
  if (post?.owner_principal_id !== user.id) throw refuse(403, "VARIANT_ACCESS_DENIED");
  const schedule = await one(
    `INSERT INTO schedules (post_variant_id, channel_connection_id, run_at, timezone)
     VALUES ($1, $2, $3, $4) RETURNING *`,
    [variant.id, wanted.channel_connection_id, runAt, wanted.timezone],
  );
  await pool.query("UPDATE posts SET status = 'scheduled', updated_at = now() WHERE id = $1", [
    post.id,
  ]);
  await happened("schedule", "SCHEDULE_CREATED", user, "schedule", schedule.id);
  response.status(201).json({ data: schedule });
});

app.use((error, _request, response, _next) => {
  const status = error instanceof z.ZodError ? 400 : (error.status ?? 500);
  if (status === 500) console.error(error);
  response.status(status).json({ errors: [{ error_code: error.code ?? "VALIDATION_ERROR" }] });
});

await pool.query(SCHEMA);
await pool.query(
  `INSERT INTO posts (owner_principal_id, title, description, tags)
   SELECT 1, 'Post ' || n, 'What is said in post ' || n, '["spring"]'
   FROM generate_series(1, $1) AS n`,
  [settings.posts],
);
await pool.query("INSERT INTO post_variants (post_id, content) VALUES (1, 'Good morning')");
await pool.query("ANALYZE");
const session = randomBytes(32).toString("hex");
await redis.hset(`sessions:${session}`, { user_id: 1, email: "root@example.com" });
const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  console.log(JSON.stringify({ port, session, variant: 1, connection: 1 }));
});
process.stdin.on("end", () => process.exit(0)).resume();
