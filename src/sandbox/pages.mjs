/** What the build, which makes CPython record its writes, and the worker, which reads the record, have to agree on. */

/** A page has two to the power of this many bytes. */
export const pageBits = 12;
export const pageBytes = 2 ** pageBits;
/** The export that the record goes by: a memory with one byte for each page, 1 where the page was written. */
export const recordName = "writtenPages";
/** A write that begins in one page may reach this many bytes into the next, which is not marked for it. */
export const overlapBytes = 8;
