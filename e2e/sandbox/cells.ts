export interface Snippet {
  name: string;
  code: string;
}

/** Reads cells `# %% name | value | value ...`, each of which is a snippet for every value of N. */
export function readCells(file: string, text: string): Snippet[] {
  return text
    .split(/^# %% /m)
    .slice(1)
    .flatMap((cell) => {
      const end = cell.indexOf("\n");
      const [name, ...values] = cell.slice(0, end).split(" | ");
      return values.map((value) => ({
        name: `${file}: ${name}, ${value}`,
        code: `N = ${value}\n${cell.slice(end + 1)}`,
      }));
    });
}
