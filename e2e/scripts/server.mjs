/** Serves a built folder on localhost. It knows nothing but files, types and headers, so that no package is needed. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { headersFor as labHeadersFor } from "./headers.mjs";

/** @type {Record<string, string>} */
const types = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".jsonl": "application/jsonl; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".py": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
  ".zip": "application/zip",
};

/**
 * The file a request's path names inside `root`, or undefined where it leaves the folder or is not a valid address.
 * @param {string} root
 * @param {string} url
 */
export function fileOf(root, url) {
  let path;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0]);
  } catch {
    return undefined;
  }
  if (path.includes("\0")) return undefined;
  const file = normalize(join(root, path.endsWith("/") ? `${path}index.html` : path));
  return file.startsWith(resolve(root) + sep) ? file : undefined;
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 * @param {string} root
 * @param {(file: string) => Record<string, string>} headersFor
 * @param {Record<string, unknown>} told
 */
async function answer(request, response, root, headersFor, told) {
  const file = fileOf(root, request.url ?? "/");
  const headers = headersFor(file ?? "");
  const name = file?.slice(resolve(root).length + 1) ?? "";
  if (Object.hasOwn(told, name)) {
    response.writeHead(200, { ...headers, "Content-Type": types[".json"], "Cache-Control": "no-store" });
    response.end(JSON.stringify(told[name]));
    return;
  }
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !found?.isFile()) {
    response.writeHead(404, { ...headers, "Content-Type": "text/plain; charset=utf-8" });
    response.end("There is no such file here.\n");
    return;
  }
  const tag = `"${found.size.toString(36)}-${found.mtimeMs.toString(36)}"`;
  const all = {
    ...headers,
    "Content-Type": types[extname(file)] ?? "application/octet-stream",
    // Vite puts a digest into the names under assets/; everything else is asked for again, and mostly not sent.
    "Cache-Control": file.includes(`${sep}assets${sep}`) ? "public, max-age=31536000, immutable" : "no-cache",
    ETag: tag,
  };
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304, all).end();
    return;
  }
  response.writeHead(200, { ...all, "Content-Length": found.size });
  if (request.method === "HEAD") response.end();
  else
    createReadStream(file)
      .on("error", () => response.destroy())
      .pipe(response);
}

/**
 * Listens on the first free port from `port` on (0: any free port).
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<number>} the port
 */
function listen(server, port, host = "localhost") {
  return new Promise((done, failed) => {
    const onError = (/** @type {NodeJS.ErrnoException} */ error) => {
      server.removeAllListeners("listening");
      if (error.code === "EADDRINUSE" && port > 0 && port < 65_535) done(listen(server, port + 1, host));
      // A machine may know the name ::1 and yet have no IPv6.
      else if (host === "localhost" && (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND"))
        done(listen(server, port, "127.0.0.1"));
      else failed(error);
    };
    server.once("error", onError);
    server.listen(port, host, () => {
      server.removeListener("error", onError);
      const address = server.address();
      done(typeof address === "object" && address ? address.port : port);
    });
  });
}

/**
 * Serves `root`. Throws where no port can be had.
 * @param {{
 *   root: string,
 *   port?: number,
 *   headersFor?: (file: string) => Record<string, string>,
 *   told?: Record<string, unknown>,
 * }} options port 0, the default: any free one; told: what the page may ask for by name, as JSON
 * @returns {Promise<{ url: string, port: number, close: () => Promise<void> }>}
 */
export async function serve({ root, port = 0, headersFor = labHeadersFor, told = {} }) {
  const server = createServer((request, response) => {
    answer(request, response, root, headersFor, told).catch((/** @type {unknown} */ error) => {
      console.error(`Could not send ${request.url ?? ""}: ${String(error)}`);
      response.destroy();
    });
  });
  const actual = await listen(server, port);
  const close = () =>
    new Promise((/** @type {(value: void) => void} */ done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${String(actual)}`, port: actual, close };
}
