/** WebAssembly's binary format, as far as a rewriter of whole modules needs it. */

/** Reads bytes, numbers and sections in order. */
export class ByteReader {
  /** @param {Uint8Array} bytes @param {number} [position] */
  constructor(bytes, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  /** @returns {number} */
  byte() {
    return this.bytes[this.position++];
  }

  /** @returns {number} an unsigned number of 32 bits, in LEB128 */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  /** @param {number} [count] how many LEB128 numbers of any width and sign are passed over */
  passNumbers(count = 1) {
    for (let left = count; left > 0; left--) while (this.byte() >= 0x80);
  }

  /** @param {number} count */
  pass(count) {
    this.position += count;
  }

  /** Passes over a vector of bytes, such as a name. */
  passVector() {
    this.pass(this.number());
  }
}

/** Bytes that grow at their end. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 16);
  length = 0;

  /** @param {ArrayLike<number>} bytes */
  add(bytes) {
    if (this.length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.length + bytes.length));
      larger.set(this.#bytes.subarray(0, this.length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** @param {number} value unsigned, 32 bits */
  addNumber(value) {
    this.add(unsigned(value));
  }

  /** Adds how many bytes follow, then the bytes. @param {Uint8Array} bytes */
  addSized(bytes) {
    this.addNumber(bytes.length);
    this.add(bytes);
  }

  /** @returns {Uint8Array<ArrayBuffer>} a view of what was added */
  written() {
    return this.#bytes.subarray(0, this.length);
  }
}

/** @param {number} value @returns {number[]} LEB128 of an unsigned number of 32 bits */
export function unsigned(value) {
  const bytes = [];
  let rest = value >>> 0;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

/** @param {number} value @returns {number[]} LEB128 of a signed number of 32 bits */
export function signed(value) {
  const bytes = [];
  let rest = value | 0;
  for (; rest < -0x40 || rest >= 0x40; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest & 0x7f];
}

/** @typedef {{ id: number, bytes: Uint8Array }} Section */

/** @param {Uint8Array} module @returns {Section[]} */
export function readSections(module) {
  const reader = new ByteReader(module, 8);
  const sections = [];
  while (reader.position < module.length) {
    const id = reader.byte();
    const length = reader.number();
    sections.push({ id, bytes: module.subarray(reader.position, reader.position + length) });
    reader.pass(length);
  }
  return sections;
}

/** @param {Section[]} sections @returns {Uint8Array<ArrayBuffer>} the module of these sections */
export function writeSections(sections) {
  const module = new ByteWriter();
  // The magic word and version 1.
  module.add([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  for (const { id, bytes } of sections) {
    module.add([id]);
    module.addSized(bytes);
  }
  return module.written();
}
