/**
 * Rewrites a WebAssembly module so that it records which pages of its memory it writes. Beside each store stands code
 * that sets one byte of a second memory, which the module had not and which nothing else in it can reach: whatever a
 * program does to its own memory, it cannot take a page off the record. (CPython's trampoline for calls is a module of its
 * own, not rewritten: the one word that it writes, its caller has just written.) Costs CPython about a sixth of its speed, and
 * spares putting back 25 MB of memory after each snippet of which most was never touched.
 */
import { pageBits, recordName } from "../pages.mjs";
import { ByteReader, ByteWriter, readSections, signed, unsigned, writeSections } from "./wasm-bytes.mjs";

/** @typedef {import("./wasm-bytes.mjs").Section} Section */

const section = { type: 1, import: 2, function: 3, memory: 5, export: 7, code: 10 };
const valueType = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };
const op = {
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  constant: 0x41,
  add: 0x6a,
  subtract: 0x6b,
  shiftRight: 0x76,
};
const more = { call: 0x10, if: 0x04, end: 0x0b, store8: 0x3a, bulk: 0xfc, fill: 0x0b, nothing: 0x40 };
/** Bit of an alignment: which memory follows. */
const ofMemory = 0x40;
const record = 1;
/** 64 KiB each, as WebAssembly counts; a byte for each page of the 4 GiB that an address can name. */
const recordSize = 2 ** (32 - pageBits - 16);

/** The stores, by instruction: the type of what they write. @type {Record<number, number>} */
const stores = {
  0x36: valueType.i32,
  0x37: valueType.i64,
  0x38: valueType.f32,
  0x39: valueType.f64,
  0x3a: valueType.i32,
  0x3b: valueType.i32,
  0x3c: valueType.i64,
  0x3d: valueType.i64,
  0x3e: valueType.i64,
};

const loads = { first: 0x28, last: 0x35 };

/** What follows an instruction that writes no memory: how many LEB128 numbers. Those of vectors and threads are not here. */
const numbersAfter = makeNumbersAfter();

function makeNumbersAfter() {
  /** @type {(number | undefined)[]} */
  const numbers = Array.from({ length: 256 });
  /** @param {number} count @param {number} first @param {number} [last] */
  const set = (count, first, last = first) => numbers.fill(count, first, last + 1);
  set(0, 0x00, 0x01); // unreachable, nop
  set(1, 0x02, 0x04); // block, loop, if
  set(0, 0x05); // else
  set(1, 0x06, 0x09); // try, catch, throw, rethrow
  set(0, 0x0b); // end
  set(1, 0x0c, 0x0d); // br, br_if
  set(0, 0x0f); // return
  set(1, 0x10); // call
  set(2, 0x11); // call_indirect
  set(1, 0x18); // delegate
  set(0, 0x19, 0x1b); // catch_all, drop, select
  set(1, 0x20, 0x26); // locals, globals, tables
  set(1, 0x3f, 0x42); // memory.size, memory.grow, constants of whole numbers
  set(0, 0x45, 0xc4); // arithmetic
  set(1, 0xd0); // ref.null
  set(0, 0xd1); // ref.is_null
  set(1, 0xd2); // ref.func
  return numbers;
}

/**
 * @param {Uint8Array} module with one memory and no instructions of vectors or threads
 * @returns {Uint8Array<ArrayBuffer>} the same module with the record as a further export
 * @throws where it has an instruction that is not known here, and might write
 */
export function recordWrites(module) {
  const sections = readSections(module);
  const [memories] = find(sections, section.memory);
  if (memories !== 1) throw new Error(`The WebAssembly module has ${memories} memories; one can be recorded.`);
  const types = readTypes(find(sections, section.type));
  const functions = readNumbers(find(sections, section.function));
  const marker = countImportedFunctions(find(sections, section.import)) + functions.length;
  const parameters = functions.map((type) => types[type]);
  const name = new TextEncoder().encode(recordName);
  /** @type {Record<number, (bytes: Uint8Array) => Uint8Array>} */
  const changes = {
    [section.type]: (bytes) => append(bytes, [0x60, 2, valueType.i32, valueType.i32, 0]),
    [section.function]: (bytes) => append(bytes, unsigned(types.length)),
    [section.memory]: (bytes) => append(bytes, [1, ...unsigned(recordSize), ...unsigned(recordSize)]),
    [section.export]: (bytes) => append(bytes, [name.length, ...name, 2, record]),
    [section.code]: (bytes) => append(rewriteCode(bytes, parameters, marker), markRange()),
  };
  return writeSections(sections.map(({ id, bytes }) => ({ id, bytes: changes[id]?.(bytes) ?? bytes })));
}

/** @param {Section[]} sections @param {number} id */
function find(sections, id) {
  const found = sections.find((each) => each.id === id);
  if (!found) throw new Error(`The WebAssembly module has no section ${id}: it cannot be made to record its writes.`);
  return found.bytes;
}

/** @param {Uint8Array} vector what a section holds: a count and its items @param {number[]} item one more */
function append(vector, item) {
  const reader = new ByteReader(vector);
  const count = reader.number();
  const longer = new ByteWriter();
  longer.addNumber(count + 1);
  longer.add(vector.subarray(reader.position));
  longer.add(item);
  return longer.written();
}

/** @param {Uint8Array} bytes @returns {number[]} how many parameters a function of each type has */
function readTypes(bytes) {
  const reader = new ByteReader(bytes);
  return Array.from({ length: reader.number() }, () => {
    if (reader.byte() !== 0x60) throw new Error("The WebAssembly module has types that are no functions'.");
    const count = reader.number();
    reader.pass(count);
    reader.passVector();
    return count;
  });
}

/** @param {Uint8Array} bytes @returns {number[]} */
function readNumbers(bytes) {
  const reader = new ByteReader(bytes);
  return Array.from({ length: reader.number() }, () => reader.number());
}

/** @param {Uint8Array} bytes */
function countImportedFunctions(bytes) {
  const reader = new ByteReader(bytes);
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.passVector();
    reader.passVector();
    const kind = reader.byte();
    if (kind === 0) {
      functions++;
      reader.number();
    } else if (kind === 1) {
      reader.byte();
      passLimits(reader);
    } else if (kind === 3 || kind === 4) {
      reader.passNumbers(2);
    } else {
      throw new Error("The WebAssembly module imports its memory: it cannot be made to record its writes.");
    }
  }
  return functions;
}

/** @param {ByteReader} reader */
function passLimits(reader) {
  const hasMaximum = (reader.byte() & 1) === 1;
  reader.passNumbers(hasMaximum ? 2 : 1);
}

/** @param {Uint8Array} bytes @param {number[]} parameters of each function @param {number} marker `markRange`'s index */
function rewriteCode(bytes, parameters, marker) {
  const reader = new ByteReader(bytes);
  const code = new ByteWriter();
  code.addNumber(reader.number());
  for (const count of parameters) {
    const end = reader.number() + reader.position;
    code.addSized(rewriteBody(bytes.subarray(reader.position, end), count, marker));
    reader.position = end;
  }
  return code.written();
}

/** The locals of a function, and those it is given beside its own. */
class Locals {
  /** @type {Map<string, number>} */
  #added = new Map();
  /** @type {number[]} */
  #types = [];

  /** @param {ByteReader} reader before a function's locals @param {number} parameters */
  constructor(reader, parameters) {
    this.groups = reader.number();
    this.count = parameters;
    const from = reader.position;
    for (let left = this.groups; left > 0; left--) {
      this.count += reader.number();
      reader.byte();
    }
    this.declared = reader.bytes.subarray(from, reader.position);
  }

  /** @param {number} type @param {string} use @returns {number[]} the index of the one for this use, in LEB128 */
  index(type, use) {
    const key = `${use} ${type}`;
    let index = this.#added.get(key);
    if (index === undefined) {
      index = this.count + this.#types.length;
      this.#added.set(key, index);
      this.#types.push(type);
    }
    return unsigned(index);
  }

  /** @param {ByteWriter} body */
  writeTo(body) {
    body.addNumber(this.groups + this.#types.length);
    body.add(this.declared);
    for (const type of this.#types) body.add([1, type]);
  }
}

/** @param {Uint8Array} source locals and instructions @param {number} parameters @param {number} marker */
function rewriteBody(source, parameters, marker) {
  const reader = new ByteReader(source);
  const locals = new Locals(reader, parameters);
  const instructions = new ByteWriter();
  let copied = reader.position;
  while (reader.position < source.length) {
    const at = reader.position;
    const around = passInstruction(reader, locals, marker);
    if (!around) continue;
    instructions.add(source.subarray(copied, at));
    instructions.add(around.before);
    instructions.add(source.subarray(at, reader.position));
    instructions.add(around.after);
    copied = reader.position;
  }
  instructions.add(source.subarray(copied));
  const body = new ByteWriter();
  locals.writeTo(body);
  body.add(instructions.written());
  return body.written();
}

/**
 * Reads one instruction.
 * @param {ByteReader} reader @param {Locals} locals @param {number} marker
 * @returns {{ before: number[], after: number[] } | null} what is to stand around it, if it writes
 */
function passInstruction(reader, locals, marker) {
  const code = reader.byte();
  const written = stores[code];
  if (written !== undefined) return aroundStore(locals, written, offsetOf(reader));
  if (code >= loads.first && code <= loads.last) {
    offsetOf(reader);
    return null;
  }
  const numbers = numbersAfter[code];
  if (numbers !== undefined) reader.passNumbers(numbers);
  else if (code === 0x43) reader.pass(4);
  else if (code === 0x44) reader.pass(8);
  else if (code === 0x0e) reader.passNumbers(reader.number() + 1);
  else if (code === 0x1c) reader.passVector();
  else if (code === more.bulk) return passBulk(reader, locals, marker);
  else throw new Error(`WebAssembly's instruction 0x${code.toString(16)} is not known to the recorder of writes.`);
  return null;
}

/** The offset that follows a load or a store, after its alignment. @param {ByteReader} reader */
function offsetOf(reader) {
  if (reader.number() & ofMemory) throw new Error("An instruction names a memory, where the module has only one.");
  return reader.number();
}

/** @param {ByteReader} reader @param {Locals} locals @param {number} marker */
function passBulk(reader, locals, marker) {
  const code = reader.number();
  if (code > 17) throw new Error(`WebAssembly's instruction 0xfc ${code} is not known to the recorder of writes.`);
  if (code < 8) return null; // conversions
  const hasTwo = code === 8 || code === 10 || code === 12 || code === 14; // memory and table: init, copy
  reader.passNumbers(hasTwo ? 2 : 1);
  const writes = code === 8 || code === 10 || code === 11; // memory: init, copy, fill
  return writes ? aroundRange(locals, marker) : null;
}

/**
 * A store: address and value are on the stack. The page is marked when the store is done; nothing can come between.
 * @param {Locals} locals @param {number} type @param {number} offset
 */
function aroundStore(locals, type, offset) {
  const value = locals.index(type, "value");
  const address = locals.index(valueType.i32, "address");
  const moved = offset === 0 ? [] : [op.constant, ...signed(offset), op.add];
  const page = [op.localGet, ...address, ...moved, op.constant, pageBits, op.shiftRight];
  return {
    before: [op.localSet, ...value, op.localTee, ...address, op.localGet, ...value],
    after: [...page, op.constant, 1, more.store8, ofMemory, record, 0],
  };
}

/**
 * A write of many bytes: address, something and count are on the stack. Marked before it is done, since a call can fail
 * for want of stack.
 * @param {Locals} locals @param {number} marker
 */
function aroundRange(locals, marker) {
  const [address, other, count] = ["address", "other", "count"].map((use) => locals.index(valueType.i32, use));
  const take = [op.localSet, ...count, op.localSet, ...other, op.localSet, ...address];
  const mark = [op.localGet, ...address, op.localGet, ...count, more.call, ...unsigned(marker)];
  const put = [op.localGet, ...address, op.localGet, ...other, op.localGet, ...count];
  return { before: [...take, ...mark, ...put], after: [] };
}

/** @returns {number[]} the body of a function of address and count, which marks all pages of that range */
function markRange() {
  const [address, count] = [0, 1];
  const shift = [op.constant, pageBits, op.shiftRight];
  const first = [op.localGet, address, ...shift];
  const last = [op.localGet, address, op.localGet, count, op.add, op.constant, 1, op.subtract, ...shift];
  const pages = [...last, ...first, op.subtract, op.constant, 1, op.add];
  const fill = [...first, op.constant, 1, ...pages, more.bulk, more.fill, record];
  const body = [0, op.localGet, count, more.if, more.nothing, ...fill, more.end, more.end];
  return [...unsigned(body.length), ...body];
}
