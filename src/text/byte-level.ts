/**
 * The byte alphabet of byte-level BPE (GPT-2, and every Hugging Face ByteLevel tokenizer): each of the 256 bytes
 * has a printable character that stands for it in the vocabulary, so any UTF-8 text can be spelled.
 */

function isPrintable(byte: number): boolean {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
}

/** Character for each byte: itself where it is printable, else the next free one from U+0100 on. */
export const byteCharacters: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();

const byteOf: ReadonlyMap<string, number> = new Map(byteCharacters.map((character, byte) => [character, byte]));

/** The bytes a vocabulary entry stands for; an entry outside the alphabet stands for its own UTF-8 bytes. */
export function bytesOfToken(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = byteOf.get(character);
    if (byte === undefined) return new TextEncoder().encode(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** A text's UTF-8 bytes, spelled in the byte alphabet. */
export function spell(text: string): string[] {
  return Array.from(new TextEncoder().encode(text), (byte) => byteCharacters[byte]);
}
