// The whole way of an event, as a test that needs nobody: makes a small demo in a folder of its
// own, serves it on a free port, lets the visitor of shop.e2e.mjs in, stops the server, and
// looks for what the visitor did in the log.
//
//   node test/run.mjs PROGRAM
//
// Ends with 77 and a line 'skipped: ...' where there is no Chromium (CHROMIUM names another
// one than /usr/bin/chromium); ctest takes that for a skipped test.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const kSkipped = 77;
const kListings = "5000";

const [program] = process.argv.slice(2);
if (!program) {
  console.error("usage: node test/run.mjs PROGRAM");
  process.exit(2);
}

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(kSkipped);
}

const chromium = process.env.CHROMIUM ?? "/usr/bin/chromium";
if (!existsSync(chromium)) skip(`no chromium at ${chromium}`);

// What the program printed, once it has ended well.
function run(...args) {
  const done = spawnSync(program, args, { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
  assert.equal(done.status, 0, `handsel ${args.join(" ")}: ${done.error ?? done.stderr}`);
  return done.stdout;
}

const eventIds = (data) => new Set(run("log", "cat", "events", "--data", data).trim().split("\n")
  .map((line) => JSON.parse(line).value.id));

const folder = mkdtempSync(join(tmpdir(), "handsel-shop-"));
let server;
try {
  const data = join(folder, "data");
  run("demo", "--data", data, "--listings", kListings, "--seed", "1");
  const before = eventIds(data);

  server = spawn(program, ["serve", "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(server, "exit");
  const [address] = await Promise.race([once(createInterface({ input: server.stdout }), "line"),
    ended.then(([code]) => assert.fail(`the server ended with ${code} before it said its address`))]);

  process.argv[2] = address;
  const { sent, acknowledged } = await import("./shop.e2e.mjs");

  server.kill("SIGTERM");
  const [code] = await ended;
  assert.equal(code, 0, "the server stops when it is told");

  const after = eventIds(data);
  const lost = acknowledged.map((event) => event.id).filter((id) => before.has(id) || !after.has(id));
  assert.ok(acknowledged.length > 0);
  assert.deepEqual(lost, [], "every event that a page was told of is in the log");
  const ids = new Set(sent.map((event) => event.id));
  assert.deepEqual([...after].filter((id) => !before.has(id) && !ids.has(id)), [], "and nothing that no page sent");
  console.log(`${acknowledged.length} acknowledged events of the visit are in the log, ${sent.length} were sent`);
} finally {
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
