/**
 * Local time for Python, in a sandbox that is nowhere: always UTC. Emscripten's own asks the browser for the visitor's
 * time zone, and then the same code prints another hour on another machine.
 */

/** Where C keeps the parts of a date, in words of 32 bits. */
const word = { second: 0, minute: 1, hour: 2, day: 3, month: 4, year: 5, weekday: 6, dayOfYear: 7, dst: 8, offset: 9 };
const dayMilliseconds = 86_400_000;

/**
 * The imports of CPython's WebAssembly that deal with local time.
 * @param {() => WebAssembly.Memory} memory asked at each call, since the calls are made before the memory is known
 * @returns {WebAssembly.ModuleImports}
 */
export function universalTimeCalls(memory) {
  /** @param {number} address */
  const wordsAt = (address) => new Int32Array(memory().buffer, address >>> 0, 10);
  /** @param {Int32Array} words @param {Date} date */
  const write = (words, date) => {
    words[word.second] = date.getUTCSeconds();
    words[word.minute] = date.getUTCMinutes();
    words[word.hour] = date.getUTCHours();
    words[word.day] = date.getUTCDate();
    words[word.month] = date.getUTCMonth();
    words[word.year] = date.getUTCFullYear() - 1900;
    words[word.weekday] = date.getUTCDay();
    const newYear = new Date(date);
    newYear.setUTCMonth(0, 1);
    words[word.dayOfYear] = Math.round((date.getTime() - newYear.getTime()) / dayMilliseconds);
    words[word.dst] = 0;
    words[word.offset] = 0;
  };
  return {
    /** @param {bigint} seconds @param {number} address */
    _localtime_js: (seconds, address) => write(wordsAt(address), new Date(Number(seconds) * 1000)),
    /** @param {number} address @returns {bigint} seconds since 1970 */
    _mktime_js: (address) => {
      const words = wordsAt(address);
      const date = new Date(0);
      date.setUTCFullYear(words[word.year] + 1900, words[word.month], words[word.day]);
      date.setUTCHours(words[word.hour], words[word.minute], words[word.second]);
      if (Number.isNaN(date.getTime())) return -1n;
      write(words, date);
      return BigInt(date.getTime() / 1000);
    },
    /** @param {number} offset @param {number} daylight @param {number} standardName @param {number} summerName */
    _tzset_js: (offset, daylight, standardName, summerName) => {
      const view = new DataView(memory().buffer);
      view.setInt32(offset >>> 0, 0, true);
      view.setInt32(daylight >>> 0, 0, true);
      // "UTC" and its end, as one word.
      for (const name of [standardName, summerName]) view.setUint32(name >>> 0, 0x00_43_54_55, true);
    },
  };
}
