// BullMQ at its best: jobs added in bulk beforehand, a warm worker with keep-alive connections.
//
// node bullmq.mjs '{"mode": "throughput" | "lateness", "redis": port, "network": url,
//   "posts": n, "concurrency": n, "records": bool, "span": seconds}'
// prints {"seconds", "cpuSeconds"}, or for lateness {"lateness": [seconds, ...]}.
//
// With records it keeps the ledger that Luxaris keeps, in the very same tables: a row an attempt
// before the call, and after it that row's outcome and the schedule's.

import { randomUUID } from "node:crypto";

import { Queue, Worker } from "bullmq";
import IORedis from "ioredis";
import pg from "pg";
import { Agent, request } from "undici";

const settings = JSON.parse(process.argv[2]);
const POOL = 8; // connections; measured: fewer are slower, more are not faster

const redis = () =>
  new IORedis({ host: "127.0.0.1", port: settings.redis, maxRetriesPerRequest: null });
const dispatcher = new Agent({ connections: settings.concurrency, pipelining: 1 });

async function publish(key, account, text) {
  const { statusCode, body } = await request(`${settings.network}/api/v1/statuses`, {
    method: "POST",
    headers: {
      authorization: `Bearer bullmq ${account}`,
      "content-type": "application/json",
      "idempotency-key": key,
    },
    body: JSON.stringify({ status: text }),
    dispatcher,
  });
  const status = await body.json();
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
  return status;
}

const START = {
  name: "start",
  text: `INSERT INTO publish_events (id, organization_id, schedule_id, channel_connection_id,
           attempt, fencing_token, status, started_at)
         VALUES ($1, $2, $3, $4, 1, 1, 'started', $5)`,
};
const RECORD_EVENT = {
  name: "event",
  text: `UPDATE publish_events SET status = 'success', finished_at = $2, external_post_id = $3,
           external_url = $4
         WHERE id = $1`,
};
const RECORD_SCHEDULE = {
  name: "schedule",
  text: `UPDATE schedules SET status = 'success', lease_expires_at = NULL, attempt_count = 1,
           fencing_token = 1, started_token = 1, last_attempt_at = $2, updated_at = $3
         WHERE id = $1`,
};

async function publishWithRecords(pool, job) {
  const event = randomUUID();
  const startedAt = new Date();
  await pool.query({
    ...START,
    values: [event, job.organization, job.id, job.connection, startedAt],
  });
  const status = await publish(job.id, job.connection, job.text);
  const finishedAt = new Date();
  await pool.query({ ...RECORD_EVENT, values: [event, finishedAt, status.id, status.url] });
  await pool.query({ ...RECORD_SCHEDULE, values: [job.id, startedAt, finishedAt] });
}

async function jobsOf(pool) {
  const { rows } = await pool.query(
    `SELECT s.id, s.organization_id AS organization, s.channel_connection_id AS connection,
       v.content AS text
     FROM schedules AS s JOIN post_variants AS v ON v.id = s.post_variant_id
     WHERE s.status = 'processing' ORDER BY s.id`,
  );
  return rows;
}

function inventedJobs() {
  return Array.from({ length: settings.posts }, (_, number) => ({
    id: randomUUID(),
    connection: String(number % 1000),
    text: `Benchmark post ${number}`,
  }));
}

async function throughput() {
  const pool = settings.records ? new pg.Pool({ max: POOL }) : null;
  if (pool) await Promise.all(Array.from({ length: POOL }, () => pool.query("SELECT pg_sleep(0.05)")));
  const jobs = pool ? await jobsOf(pool) : inventedJobs();
  const queue = new Queue("due", { connection: redis() });
  const bulk = jobs.map((data) => ({ name: "publish", data }));
  for (let from = 0; from < bulk.length; from += 1000) {
    await queue.addBulk(bulk.slice(from, from + 1000));
  }
  const work = pool
    ? (job) => publishWithRecords(pool, job.data)
    : (job) => publish(job.data.id, job.data.connection, job.data.text);
  const worker = new Worker("due", work, {
    autorun: false,
    concurrency: settings.concurrency,
    connection: redis(),
  });
  await worker.waitUntilReady();
  let left = jobs.length;
  const done = new Promise((resolve, reject) => {
    worker.on("completed", () => --left || resolve());
    worker.on("failed", (_, error) => reject(error));
  });
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  worker.run();
  await done;
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const used = process.cpuUsage(cpu);
  await worker.close();
  await queue.close();
  await pool?.end();
  return { seconds, cpuSeconds: (used.user + used.system) / 1e6 };
}

async function lateness() {
  const queue = new Queue("later", { connection: redis() });
  const late = [];
  let resolve;
  const done = new Promise((each) => (resolve = each));
  const worker = new Worker(
    "later",
    async ({ data }) => {
      late.push((Date.now() - data.due) / 1000);
      await publish(data.id, data.connection, data.text);
      if (late.length === settings.posts) resolve();
    },
    { concurrency: settings.concurrency, connection: redis() },
  );
  await worker.waitUntilReady();
  const start = Date.now() + 2000;
  await queue.addBulk(
    inventedJobs().map((job) => {
      const due = start + Math.random() * settings.span * 1000;
      return { name: "publish", data: { ...job, due }, opts: { delay: due - Date.now() } };
    }),
  );
  await done;
  await worker.close();
  await queue.close();
  return { lateness: late };
}

const measured = await (settings.mode === "lateness" ? lateness() : throughput());
console.log(JSON.stringify(measured));
process.exit(0);
