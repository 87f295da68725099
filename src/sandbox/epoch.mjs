/**
 * 2026-01-01T00:00:00Z, in milliseconds since 1970: where Python's clock starts for every snippet, the age of every
 * file, and the time at which the snapshot is made.
 */
export const epochMilliseconds = 1_767_225_600_000;
