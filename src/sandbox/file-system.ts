/** Emscripten's in-memory file system, made read-only: it is not part of the heap, so no heap image would restore it. */
const changing = "mknod mkdir mkdev symlink rename rmdir unlink truncate ftruncate chmod chown utime mount unmount";
const readOnlyError = 69; // EROFS
const writeFlags = 0o1 | 0o2 | 0o100 | 0o1000 | 0o2000; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND

/**
 * Seals the file system for good.
 * @returns a function that puts working directory and open files back to what they are now
 */
export function sealFileSystem(files: object): () => void {
  const ErrnoError = method(files, "ErrnoError");
  const refuse = () => {
    throw Reflect.construct(ErrnoError, [readOnlyError]);
  };
  for (const name of `${changing} fchmod fchown lchmod lchown`.split(" ")) {
    if (name in files) Reflect.set(files, name, refuse);
  }
  const open = method(files, "open");
  Reflect.set(files, "open", (path: unknown, flags: unknown, ...rest: unknown[]): unknown => {
    const writes = typeof flags === "string" ? /[wa+]/.test(flags) : (Number(flags) & writeFlags) !== 0;
    if (writes && !(typeof path === "string" && path.startsWith("/dev/"))) refuse();
    return Reflect.apply(open, files, [path, flags, ...rest]);
  });
  return rememberOpenFiles(files);
}

function rememberOpenFiles(files: object): () => void {
  const directory: unknown = Reflect.get(files, "currentPath");
  const streams: unknown = Reflect.get(files, "streams");
  if (!isList(streams)) throw new Error("Pyodide's file system has no list of streams.");
  const opened = [...streams];
  return () => {
    Reflect.set(files, "currentPath", directory);
    streams.length = 0;
    streams.push(...opened);
  };
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
