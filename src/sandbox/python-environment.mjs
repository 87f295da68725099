/**
 * The environment variables of every Python, while the snapshot is made and in the worker. Emscripten would take the
 * last two from the machine: the browser's language, and the program that Node runs.
 */
export const pythonEnvironment = { PYTHONHASHSEED: "0", HOME: "/home/pyodide", LANG: "C.UTF-8", _: "python" };
