/**
 * Emscripten's in-memory file system, made read-only: it is not part of the heap, so no heap image would restore it.
 * Nothing that a snippet does to a file may be seen by the next one, or differ between two workers.
 */
import { epochMilliseconds } from "./epoch.mjs";

const changing = "mknod mkdir mkdev symlink rename rmdir unlink truncate ftruncate chmod chown utime mount unmount";
/** `createNode` makes pipes, whose bytes lie outside the capped memory; `msync` writes a mapped file back. */
const alsoChanging = "fchmod fchown lchmod lchown createNode msync allocate";
const readOnlyError = 69; // EROFS
const badDescriptor = 8; // EBADF
const tooManyOpen = 33; // EMFILE
/** Emscripten's own limit, which it does not hold a copy under a number of the snippet's choice to. */
const mostDescriptors = 4096;
const accessMode = 0o3;
const writeFlags = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND
/** Exact names: `/dev/../lib` is a way out of /dev. */
const writable = new Set("null tty tty1 stdin stdout stderr".split(" ").map((name) => `/dev/${name}`));
/** They read the browser's entropy, byte by byte from one buffer for all snippets. */
const undetermined = ["/dev/random", "/dev/urandom"];
const age = new Date(epochMilliseconds);

/**
 * Seals the file system for good.
 * @returns a function that puts working directory and open files back to what they are now
 */
export function sealFileSystem(files: object): () => void {
  const ErrnoError = method(files, "ErrnoError");
  const fail = (errno: number) => {
    throw Reflect.construct(ErrnoError, [errno]);
  };
  const unlink = method(files, "unlink");
  for (const path of undetermined) Reflect.apply(unlink, files, [path]);
  for (const name of `${changing} ${alsoChanging}`.split(" ")) {
    if (name in files) Reflect.set(files, name, () => fail(readOnlyError));
  }
  const open = method(files, "open");
  Reflect.set(files, "open", (path: unknown, flags: unknown, ...rest: unknown[]): unknown => {
    const writes = typeof flags === "string" ? /[wa+]/.test(flags) : (Number(flags) & writeFlags) !== 0;
    if (writes && !(typeof path === "string" && writable.has(path))) fail(readOnlyError);
    return Reflect.apply(open, files, [path, flags, ...rest]);
  });
  // What can still be written to are devices, and what they are given goes nowhere; Pyodide would keep it for a line's
  // end, in memory that no limit holds for.
  Reflect.set(files, "write", (stream: object, _buffer: unknown, _offset: unknown, length: unknown): unknown =>
    (Number(Reflect.get(stream, "flags")) & accessMode) === 0 ? fail(badDescriptor) : length,
  );
  const duplicate = method(files, "dupStream");
  Reflect.set(files, "dupStream", (stream: unknown, fd: unknown): unknown =>
    Number(fd) >= mostDescriptors ? fail(tooManyOpen) : Reflect.apply(duplicate, files, [stream, fd]),
  );
  forgetTimes(files);
  return rememberOpenFiles(files);
}

/** Files carry the time at which this worker started, and devices that of their last use. */
function forgetTimes(files: object): void {
  for (const name of ["stat", "fstat"]) {
    const original = method(files, name);
    Reflect.set(files, name, (...values: unknown[]): unknown => {
      const result = Reflect.apply(original, files, values);
      return typeof result === "object" ? { ...result, atime: age, mtime: age, ctime: age } : result;
    });
  }
}

function rememberOpenFiles(files: object): () => void {
  const directory: unknown = Reflect.get(files, "currentPath");
  const streams: unknown = Reflect.get(files, "streams");
  if (!isList(streams)) throw new Error("Pyodide's file system has no list of streams.");
  // Closing a file takes its number away, fcntl changes its flags: both in the object itself.
  const opened = streams.map((stream) => ({ stream, state: isObject(stream) ? stateOf(stream) : {} }));
  return () => {
    Reflect.set(files, "currentPath", directory);
    streams.length = 0;
    for (const { stream, state } of opened) streams.push(isObject(stream) ? Object.assign(stream, state) : stream);
  };
}

function stateOf(stream: object): object {
  return Object.fromEntries(["fd", "flags", "position"].map((name) => [name, Reflect.get(stream, name)]));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function method(owner: object, name: string): (...values: unknown[]) => unknown {
  const value: unknown = Reflect.get(owner, name);
  if (!isFunction(value)) throw new Error(`Pyodide's file system has no ${name}.`);
  return value;
}

function isFunction(value: unknown): value is (...values: unknown[]) => unknown {
  return typeof value === "function";
}
