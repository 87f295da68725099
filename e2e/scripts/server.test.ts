import { request } from "node:http";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileOf, serve } from "./server.mjs";

const folder = mkdtempSync(join(tmpdir(), "served-"));
const root = join(folder, "dist");
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  mkdirSync(join(root, "assets"), { recursive: true });
  writeFileSync(join(root, "index.html"), "<!doctype html>");
  writeFileSync(join(root, "assets", "a.wasm"), new Uint8Array([0, 97, 115, 109]));
  writeFileSync(join(root, "assets", "python.worker-1a2b.js"), "");
  writeFileSync(join(folder, "secret.txt"), "secret");
  server = await serve({ root });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The status of a request whose path is sent as it is; fetch would tidy it first. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((done, failed) => {
    const asked = request({ port: server.port, host: "localhost", path }, (response) => {
      response.resume();
      done(response.statusCode);
    });
    asked.on("error", failed).end();
  });
}

describe("the static server", () => {
  test("serves the page isolated from other origins and from the network", async () => {
    const response = await fetch(`${server.url}/?seed=2`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(response.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'self'");
  });

  test("gives a Python worker's script a stricter policy than the page", async () => {
    const response = await fetch(`${server.url}/assets/python.worker-1a2b.js`);
    expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'/);
    expect(response.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
  });

  test("gives wasm the type that streaming compilation asks for, and sends nothing twice", async () => {
    const response = await fetch(`${server.url}/assets/a.wasm`);
    expect(response.headers.get("content-type")).toBe("application/wasm");
    expect((await response.arrayBuffer()).byteLength).toBe(4);
    const tag = response.headers.get("etag") ?? "";
    const again = await fetch(`${server.url}/assets/a.wasm`, { headers: { "If-None-Match": tag } });
    expect(again.status).toBe(304);
  });

  test.each(["/missing", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%00", "/%", "/assets"])(
    "answers 404 to %s",
    async (path) => expect(await rawStatus(path)).toBe(404),
  );

  test("takes the next port when one is in use", async () => {
    const second = await serve({ root, port: server.port });
    expect(second.port).toBeGreaterThan(server.port);
    await second.close();
  });

  test("never leaves its folder", () => {
    expect(fileOf("/srv/dist", "/a/../../dist-other/x")).toBeUndefined();
    expect(fileOf("/srv/dist", "/a/b.js?x=/../..")).toBe("/srv/dist/a/b.js");
  });
});
