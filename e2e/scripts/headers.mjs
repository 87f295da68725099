/**
 * The headers every page of the lab is served with. Cross-origin isolation gives wasm its threads; the policy keeps
 * every byte on this machine: code and data come from our own origin only.
 */
export const isolationHeaders = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export const securityHeaders = {
  "Content-Security-Policy": [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

export const headers = { ...isolationHeaders, ...securityHeaders };

/** A Python worker gets its files by message: it loads its own script and assembles WebAssembly, and nothing else. */
const pythonWorkerHeaders = {
  ...headers,
  "Content-Security-Policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
};

/**
 * The headers that one file is served with.
 * @param {string} file its name or path
 */
export function headersFor(file) {
  return /\bpython\.worker\b/.test(file) ? pythonWorkerHeaders : headers;
}

/**
 * The same, where the person who started the lab named an outside model's address: its origin, and no other, may be
 * reached from the page. A Python worker still reaches nothing.
 * @param {string} endpoint
 */
export function headersForEndpoint(endpoint) {
  const { origin } = new URL(endpoint);
  return (/** @type {string} */ file) => {
    const own = headersFor(file);
    if (own !== headers) return own;
    const policy = headers["Content-Security-Policy"].replace("connect-src 'self'", `connect-src 'self' ${origin}`);
    return { ...headers, "Content-Security-Policy": policy };
  };
}
