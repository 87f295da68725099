/** Writes a zip file, the same bytes for the same contents: names in the order given, one time for all, no attributes. */
import { crc32, deflateRawSync } from "node:zlib";

const version = 20;
const namesAreUtf8 = 0x0800;
const deflated = 8;
/** 1980-01-01, the first day that the format knows; its time of day is 0. */
const day = 0x0021;

/** Numbers as the format has them, little-endian. @param {[value: number, bytes: 2 | 4][]} fields */
function record(fields) {
  const bytes = Buffer.alloc(fields.reduce((length, [, size]) => length + size, 0));
  let at = 0;
  for (const [value, size] of fields) at = bytes.writeUIntLE(value, at, size);
  return bytes;
}

/**
 * @param {Iterable<[name: string, content: Uint8Array]>} files
 * @returns {Buffer} at most 65,535 files and 4 GB, which is what the plain format holds
 */
export function zip(files) {
  /** @type {Buffer[]} */
  const bodies = [];
  /** @type {Buffer[]} */
  const directory = [];
  let offset = 0;
  for (const [name, content] of files) {
    const path = Buffer.from(name);
    const packed = deflateRawSync(content, { level: 9 });
    /** What stands both before the file's bytes and in the directory at the end. @type {[number, 2 | 4][]} */
    const shared = [
      [version, 2],
      [namesAreUtf8, 2],
      [deflated, 2],
      [0, 2],
      [day, 2],
      [crc32(content), 4],
      [packed.length, 4],
      [content.length, 4],
      [path.length, 2],
      [0, 2],
    ];
    const head = record([[0x04034b50, 4], ...shared]);
    // Comment, disk, attributes of two kinds: none.
    const entry = record([[0x02014b50, 4], [version, 2], ...shared, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]);
    bodies.push(head, path, packed);
    directory.push(entry, path);
    offset += head.length + path.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const count = directory.length / 2;
  const end = record([
    [0x06054b50, 4],
    [0, 2],
    [0, 2],
    [count, 2],
    [count, 2],
    [list.length, 4],
    [offset, 4],
    [0, 2],
  ]);
  return Buffer.concat([...bodies, list, end]);
}
