// Writes src/contract.ts: the types of what a machine of an institution may do, from the committed contract.
// `--check` compares instead and fails when they differ; a file may be named in place of the contract.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const named = process.argv.slice(2).find((word) => !word.startsWith("--"));
const CONTRACT = named ?? new URL("../../openapi.json", import.meta.url);
const TARGET = new URL("src/contract.ts", import.meta.url);
const WITHOUT_SCOPE = new Set(["issue_token", "list_keys"]);
const LEFT_OUT = "/v1/hsds/"; // the directory in a standard's shape, for which there are clients already
const PROBLEM = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
const HEAD = "// Written by `make clients` from openapi/openapi.json; not changed by hand.\n\n";

// Examples stay in the contract: here they would be half of the file, and change with each recording.
const withoutExamples = (name, value) => (name === "example" || name === "examples" ? undefined : value);
const contract = JSON.parse(await readFile(CONTRACT, "utf-8"), withoutExamples);
const isOfPartners = (path, operation) =>
  WITHOUT_SCOPE.has(operation.operationId) || (operation["x-scope"] && !path.startsWith(LEFT_OUT));

const paths = {};
for (const [path, operations] of Object.entries(contract.paths)) {
  const kept = Object.entries(operations).filter(([, operation]) => isOfPartners(path, operation));
  if (kept.length > 0) paths[path] = Object.fromEntries(kept.map(([verb, each]) => [verb, oneRefusal(each)]));
}
const components = reachable(paths, contract.components);
const written =
  HEAD + astToString(await openapiTS({ openapi: contract.openapi, info: contract.info, paths, components }));

if (process.argv.includes("--check")) {
  if (written !== (await readFile(TARGET, "utf-8"))) {
    console.error("src/contract.ts is not what the contract says: run `make clients`");
    process.exit(1);
  }
} else {
  await writeFile(TARGET, written);
}

/** Say once what every refusal is, instead of once for each status. */
function oneRefusal(operation) {
  const responses = Object.entries(operation.responses).filter(([status]) => status < "400");
  const problem = { description: "Problem details", content: PROBLEM };
  return { ...operation, responses: { ...Object.fromEntries(responses), default: problem } };
}

/** Return the components that these paths name, directly or through others. */
function reachable(start, all) {
  const found = {};
  const waiting = [start];
  while (waiting.length > 0) {
    for (const [, kind, name] of JSON.stringify(waiting.pop()).matchAll(/#\/components\/(\w+)\/([\w.-]+)/g)) {
      if (found[kind]?.[name]) continue;
      found[kind] = { ...found[kind], [name]: all[kind][name] };
      waiting.push(all[kind][name]);
    }
  }
  return found;
}
