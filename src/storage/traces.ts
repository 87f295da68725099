/**
 * Cold-start traces as files: JSON lines and Parquet, in the layout of verl's multi-turn SFT sets and of the public
 * ReTool-SFT. A row also keeps what the trace was made from.
 */
import type { SchemaElement } from "hyparquet";
import { type Message, offeredTools, type TraceRecord } from "../core/cold-start";

interface Row {
  messages: readonly Message[];
  tools: typeof offeredTools;
  data_source: string;
  family: string;
  style: string;
  /** D_init: the worked solution in text. */
  initial: string;
}

/** Rows of the traces that stand; the others are not for learning. */
function rowsOf(records: readonly TraceRecord[]): Row[] {
  return records.flatMap(({ problem, messages, style, initial, dropped }) =>
    messages === null || dropped !== null
      ? []
      : [
          {
            messages,
            tools: offeredTools,
            data_source: "retool-lab",
            family: problem.family,
            style,
            initial: initial.join("\n"),
          },
        ],
  );
}

/** A JSON line for each trace that stands. */
export function traceLines(records: readonly TraceRecord[]): string {
  return rowsOf(records)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join("");
}

const text = (name: string): SchemaElement[] => [
  { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
];

const struct = (name: string, ...fields: SchemaElement[][]): SchemaElement[] => [
  { name, repetition_type: "OPTIONAL", num_children: fields.length },
  ...fields.flat(),
];

/** Parquet's three levels of a list. */
const list = (name: string, element: SchemaElement[]): SchemaElement[] => [
  { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  ...element,
];

const called = struct("element", text("type"), struct("function", text("name"), struct("arguments", text("code"))));

const parameters = struct(
  "parameters",
  text("type"),
  struct("properties", struct("code", text("type"), text("description"))),
  list("required", text("element")),
);

const offered = struct("element", text("type"), struct("function", text("name"), text("description"), parameters));

const columns: Record<keyof Row, SchemaElement[]> = {
  messages: list("messages", struct("element", text("role"), text("content"), list("tool_calls", called))),
  tools: list("tools", offered),
  data_source: text("data_source"),
  family: text("family"),
  style: text("style"),
  initial: text("initial"),
};

const names = ["messages", "tools", "data_source", "family", "style", "initial"] as const;

/** A Parquet file of the traces that stand. */
export async function traceParquet(records: readonly TraceRecord[]): Promise<ArrayBuffer> {
  // Loaded when it is asked for: most visitors never save a file.
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const rows = rowsOf(records);
  return parquetWriteBuffer({
    columnData: names.map((name) => ({ name, data: rows.map((row) => row[name]) })),
    schema: [{ name: "root", num_children: names.length }, ...names.flatMap((name) => columns[name])],
  });
}

/** The rows of a Parquet file of this layout as JSON lines, which is how traces are read. Throws where it is none. */
export async function linesOfParquet(file: ArrayBuffer): Promise<string> {
  const { parquetReadObjects } = await import("hyparquet");
  const rows = await parquetReadObjects({ file, columns: ["messages"] });
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
