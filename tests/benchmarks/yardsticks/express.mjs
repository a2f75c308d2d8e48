// An Express back end that answers as Luxaris does, the way such back ends are usually written:
// helmet, CORS, a rate limit in memory, zod, an XSS filter, sessions in Redis, one pg pool. One
// process. It keeps what Luxaris keeps, in tables and indexes as the first Luxaris had them: a
// request log, and of each event itself and a line of the system log. Nobody waits for any of it.
//
// node express.mjs '{"redis": port, "posts": n}'
// prints {"port", "session", "variants", "connection"} once it serves, and ends with its input.

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

const DATES = `created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()`;
const KEPT = `is_deleted boolean NOT NULL DEFAULT false, deleted_at timestamptz,
    created_by_user_id int REFERENCES express.users, updated_by_user_id int REFERENCES express.users,
    deleted_by_user_id int REFERENCES express.users`;
const keptIndexes = (table) =>
  ["is_deleted", "created_by_user_id", "updated_by_user_id", "deleted_by_user_id"]
    .map((column) => `CREATE INDEX ON express.${table} (${column});`)
    .join("");
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
    status varchar(20) DEFAULT 'draft', metadata jsonb DEFAULT '{}', ${DATES}, ${KEPT},
    published_at timestamptz);
  CREATE INDEX ON express.posts (owner_principal_id);
  CREATE INDEX ON express.posts (status);
  CREATE INDEX ON express.posts (created_at);
  CREATE TABLE express.post_variants (id serial PRIMARY KEY, post_id int NOT NULL
    REFERENCES express.posts, content text NOT NULL, status varchar(20) DEFAULT 'draft',
    ${DATES}, ${KEPT});
  CREATE INDEX ON express.post_variants (post_id);
  CREATE TABLE express.schedules (id serial PRIMARY KEY,
    post_variant_id int REFERENCES express.post_variants, channel_connection_id int,
    run_at timestamptz NOT NULL, timezone varchar(50) NOT NULL,
    status varchar(20) DEFAULT 'pending', attempt_count int DEFAULT 0,
    last_attempt_at timestamptz, error_code varchar(50), error_message text, ${DATES}, ${KEPT});
  CREATE INDEX ON express.schedules (status);
  CREATE INDEX ON express.schedules (run_at);
  CREATE INDEX ON express.schedules (post_variant_id);
  CREATE INDEX ON express.schedules (channel_connection_id);
  CREATE INDEX ON express.schedules (status, run_at);
  ${["posts", "post_variants", "schedules"].map(keptIndexes).join("")}
  CREATE TABLE express.system_events (id serial PRIMARY KEY, event_type varchar(100),
    event_name varchar(200), principal_id int, principal_type varchar(50),
    resource_type varchar(100), resource_id int, status varchar(20) DEFAULT 'success',
    metadata jsonb, ip_address inet, user_agent text, timestamp timestamptz DEFAULT now(),
    created_at timestamptz DEFAULT now());
  CREATE INDEX ON express.system_events (event_type);
  CREATE INDEX ON express.system_events (event_name);
  CREATE INDEX ON express.system_events (principal_id);
  CREATE INDEX ON express.system_events (resource_type, resource_id);
  CREATE INDEX ON express.system_events (timestamp DESC);
  CREATE INDEX ON express.system_events (status);
  CREATE TABLE express.system_logs (id serial PRIMARY KEY, timestamp timestamptz DEFAULT now(),
    level varchar(20), logger varchar(255), message text, request_id uuid, principal_id int,
    principal_type varchar(50), context jsonb, created_at timestamptz DEFAULT now());
  CREATE INDEX ON express.system_logs (timestamp DESC);
  CREATE INDEX ON express.system_logs (level);
  CREATE INDEX ON express.system_logs (logger);
  CREATE INDEX ON express.system_logs (request_id);
  CREATE INDEX ON express.system_logs (principal_id);
  CREATE INDEX ON express.system_logs (created_at DESC);
  CREATE TABLE express.request_logs (id serial PRIMARY KEY, request_id uuid NOT NULL,
    timestamp timestamptz DEFAULT now(), method varchar(10), path varchar(500), status_code int,
    duration_ms int, principal_id int, principal_type varchar(50), ip_address inet,
    user_agent text, request_size_bytes int, response_size_bytes int, error_code varchar(100),
    error_message text, context jsonb, created_at timestamptz DEFAULT now());
  CREATE INDEX ON express.request_logs (request_id);
  CREATE INDEX ON express.request_logs (timestamp DESC);
  CREATE INDEX ON express.request_logs (path);
  CREATE INDEX ON express.request_logs (status_code);
  CREATE INDEX ON express.request_logs (principal_id);
  CREATE INDEX ON express.request_logs (method);
  CREATE INDEX ON express.request_logs (duration_ms);
  CREATE INDEX ON express.request_logs (created_at DESC);
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

const kept = (...query) => {
  pool.query(...query).catch(console.error);
};

function happened(type, name, request, id, metadata = {}) {
  const { user, ip } = request;
  kept(
    `INSERT INTO system_events (event_type, event_name, principal_id, principal_type,
       resource_type, resource_id, metadata, ip_address, user_agent)
     VALUES ($1, $2, $3, 'user', $4, $5, $6, $7, $8)`,
    [type, name, user.id, type, id, metadata, ip, request.get("user-agent")],
  );
  kept(
    `INSERT INTO system_logs (level, logger, message, request_id, principal_id, principal_type,
       context) VALUES ('INFO', 'events', $1, $2, $3, 'user', $4)`,
    [name, request.id, user.id, { resource_type: type, resource_id: id, ...metadata }],
  );
}

function logged(request, response, next) {
  const began = process.hrtime.bigint();
  request.id = randomUUID();
  response.setHeader("X-Request-ID", request.id);
  response.on("finish", () => {
    const milliseconds = Number((process.hrtime.bigint() - began) / 1_000_000n);
    const { method, originalUrl, ip, user } = request;
    const context = {
      query_params: request.query,
      route_params: request.params,
      referrer: request.get("referer"),
      correlation_id: request.get("x-correlation-id"),
      headers: { host: request.get("host"), "content-type": request.get("content-type") },
    };
    kept(
      `INSERT INTO request_logs (request_id, method, path, status_code, duration_ms, principal_id,
         principal_type, ip_address, user_agent, request_size_bytes, response_size_bytes, context)
       VALUES ($1, $2, $3, $4, $5, $6, 'user', $7, $8, $9, $10, $11)`,
      [request.id, method, originalUrl, response.statusCode, milliseconds, user?.id, ip,
        request.get("user-agent"), Number(request.get("content-length") ?? 0),
        Number(response.getHeader("content-length") ?? 0), context],
    );
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

app.post("/api/v1/posts", async (request, response) => {
  const { user, body } = request;
  const { title, description, tags, metadata } = NewPost.parse(body);
  const post = await one(
    `INSERT INTO posts (owner_principal_id, title, description, tags, metadata,
       created_by_user_id) VALUES ($1, $2, $3, $4, $5, $1) RETURNING *`,
    [user.id, title, description, JSON.stringify(tags), metadata],
  );
  happened("post", "POST_CREATED", request, post.id);
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

app.post("/api/v1/schedules", async (request, response) => {
  const { user, body } = request;
  const wanted = NewSchedule.parse(body);
  const runAt = new Date(wanted.run_at);
  if (runAt <= new Date()) throw refuse(400, "SCHEDULE_TIME_MUST_BE_FUTURE");
  const variant = await one("SELECT * FROM post_variants WHERE id = $1 AND NOT is_deleted", [
    wanted.post_variant_id,
  ]);
  const post = variant && (await one("SELECT * FROM posts WHERE id = $1", [variant.post_id]));
  if (post?.owner_principal_id !== user.id) throw refuse(403, "VARIANT_ACCESS_DENIED");
  const schedule = await one(
    `INSERT INTO schedules (post_variant_id, channel_connection_id, run_at, timezone,
       created_by_user_id) VALUES ($1, $2, $3, $4, $5) RETURNING *`,
    [variant.id, wanted.channel_connection_id, runAt, wanted.timezone, user.id],
  );
  if (post.status === "draft") {
    const first = "UPDATE posts SET status = 'scheduled', updated_at = now() WHERE id = $1";
    await pool.query(first, [post.id]);
  }
  happened("schedule", "SCHEDULE_CREATED", request, schedule.id);
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
await pool.query("INSERT INTO post_variants (post_id, content) SELECT id, 'Good day' FROM posts");
await pool.query("ANALYZE");
const session = randomBytes(32).toString("hex");
await redis.hset(`sessions:${session}`, { user_id: 1, email: "root@example.com" });
const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const variants = Array.from({ length: settings.posts }, (_, n) => n + 1);
  console.log(JSON.stringify({ port, session, variants, connection: 1 }));
});
process.stdin.on("end", () => process.exit(0)).resume();
