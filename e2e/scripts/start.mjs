/**
 * npm start: from a fresh clone to the lab in a browser. Installs, builds, serves on localhost and opens it.
 */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { headersForEndpoint } from "./headers.mjs";
import { dist, ensureBuilt, ensureInstalled, isEndpoint } from "./project.mjs";
import { serve } from "./server.mjs";

const usage = `npm start -- [--port N [--exact]] [--no-open] [--endpoint URL]

  --port N    the port to serve on (default 4173; the next free one is taken if it is in use)
  --exact     fail if that port is in use
  --no-open   do not open a browser
  --endpoint  an outside model's address, such as https://host/v1: the page may then send it problems, when asked to
  --help      this text`;

/** @param {string} sentence */
const say = (sentence) => console.log(sentence);

/** @param {string} url */
function openBrowser(url) {
  const linux = process.platform !== "darwin" && process.platform !== "win32";
  if (linux && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return;
  /** @type {Record<string, [string, string[]]>} */
  const openers = { darwin: ["open", [url]], win32: ["cmd", ["/c", "start", "", url]] };
  const [command, args] = openers[process.platform] ?? ["xdg-open", [url]];
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => say("No browser could be opened; open the address yourself."));
  child.unref();
}

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      exact: { type: "boolean" },
      "no-open": { type: "boolean" },
      endpoint: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const port = Number(values.port ?? 4173);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port is ${String(values.port)}, expected a whole number 0..65535.`);
  const { endpoint } = values;
  if (endpoint !== undefined && !isEndpoint(endpoint))
    throw new Error(`--endpoint is ${endpoint}, expected an address such as https://host/v1.`);
  return { endpoint, port, exact: values.exact === true, open: !values["no-open"], help: values.help === true };
}

async function start() {
  const { port, exact, open, help, endpoint } = options();
  if (help) {
    say(usage);
    return;
  }
  ensureInstalled(say);
  ensureBuilt(say);
  const outside = endpoint ? { headersFor: headersForEndpoint(endpoint), told: { "outside.json": { endpoint } } } : {};
  const server = await serve({ root: dist, port, ...outside });
  if (endpoint) say(`When asked to, the page may send problems to ${new URL(endpoint).host}, and to no one else.`);
  if (exact && server.port !== port) {
    await server.close();
    throw new Error(`Port ${String(port)} is taken. End what uses it, or leave out --exact.`);
  }
  if (port !== 0 && server.port !== port) say(`Port ${String(port)} is taken; port ${String(server.port)} is used.`);
  say(`\nThe lab is at ${server.url}/\nPress Ctrl-C to stop it.`);
  if (open) openBrowser(`${server.url}/`);
  process.once("SIGINT", () => {
    say("\nStopped.");
    process.exit(0);
  });
}

start().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof TypeError && "code" in error) console.error(`\n${usage}`);
  process.exitCode = 1;
});
