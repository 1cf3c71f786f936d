// Loads the exported files into DuckDB and asks it the committed SQL at every moment.
//   node duckdb.mjs load DATABASE DIR SQL                            prints {events, milestones}: ms
//   node duckdb.mjs ask DATABASE QUESTIONS QUESTION SQL MOMENTS     prints [{ms, rows}, ..]
//   node duckdb.mjs rebuild DATABASE SQL CHECK RUNS
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.env.NODE_MODULES_OF + "/");
const { DuckDBInstance } = require("@duckdb/node-api");

const [action, database, ...rest] = process.argv.slice(2);
const instance = await DuckDBInstance.create(database, { threads: process.env.DUCKDB_THREADS ?? "2" });
const connection = await instance.connect();
const elapsed = (begin) => Number(process.hrtime.bigint() - begin) / 1e6;
const asText = (value) => (value === null ? "" : String(value));

async function rowsOf(prepared) {
  const reader = await prepared.runAndReadAll();
  return reader.getRows().map((row) => row.map(asText));
}

async function load([dir, file]) {
  const ms = { events: 0, milestones: 0 };
  const timed = async (form, statement) => {
    const begin = process.hrtime.bigint();
    await connection.run(statement);
    ms[form] += elapsed(begin);
  };
  for (const statement of readFileSync(file, "utf8").replaceAll(":dir", dir).split(/;\s*$/m)) {
    if (statement.trim() === "") continue;
    const form = statement.includes("create table events") ? "events" : "milestones";
    await timed(form, statement);
    if (form === "events") await timed(form, "checkpoint");
  }
  await timed("milestones", "checkpoint");
  console.log(JSON.stringify(ms));
}

// The committed SQL names its parameters :seq; DuckDB calls them $seq.
async function ask([questions, question, file, most]) {
  const sql = readFileSync(file, "utf8").replace(/(?<!:):([a-z_]+)/g, "$$$1");
  const names = new Set([...sql.matchAll(/\$([a-z_]+)/g)].map((match) => match[1]));
  const moments = JSON.parse(readFileSync(questions, "utf8")).moments.slice(0, Number(most));
  const prepared = await connection.prepare(sql);
  const answers = [];
  for (const [number, moment] of [moments[0], ...moments].entries()) {
    const parameters = moment.parameters[question];
    for (const name of names) {
      const place = prepared.parameterIndex(name);
      if (typeof parameters[name] === "string") prepared.bindVarchar(place, parameters[name]);
      else prepared.bindBigInt(place, BigInt(parameters[name]));
    }
    const begin = process.hrtime.bigint();
    const rows = await rowsOf(prepared);
    if (number > 0) answers.push({ ms: elapsed(begin), rows }); // the first one warms up
  }
  console.log(JSON.stringify(answers));
}

async function rebuild([file, check, runs]) {
  const statements = readFileSync(file, "utf8").split(/;\s*$/m).filter((one) => one.trim() !== "");
  const answers = [];
  for (let run = 0; run < Number(runs); ++run) {
    const begin = process.hrtime.bigint();
    for (const statement of statements) await connection.run(statement);
    const ms = elapsed(begin);
    answers.push({ ms, rows: await rowsOf(await connection.prepare(readFileSync(check, "utf8"))) });
  }
  console.log(JSON.stringify(answers));
}

await { load, ask, rebuild }[action](rest);
connection.closeSync();
