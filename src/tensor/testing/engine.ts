/** Losses on an engine, as the lab has them: where no test runner is at hand. */
import type { Backend } from "../device";
import type { Inputs, InputSpec, Objective } from "../program";
import type { LossCase, RunLoss } from "./case";

const lookUp = { ids: { type: "int32", size: "tokens" }, at: { type: "int32", size: "places" } } satisfies Record<
  string,
  InputSpec
>;

/**
 * The loss as the program of an engine whose parameters are the case's activations. A plan's parameters have fixed
 * rows, so there each activation is looked up in one, row by row.
 */
function programOf(subject: LossCase, planned: boolean): Objective {
  const specs: Record<string, InputSpec> = { ...(planned && lookUp) };
  for (const [name, { type, size, padding = "zero" }] of Object.entries(subject.inputs))
    specs[name] = { type, size, padding };
  return {
    name: "loss",
    inputs: specs,
    run: (scope) => {
      const { ops, parameter, input } = scope;
      if (!planned) return [subject.run(scope)];
      const row = (name: string) => ops.select([ops.embed(parameter(name), input("ids"))], input("at"))[0];
      return [subject.run({ ...scope, parameter: row })];
    },
  };
}

export function lossOnEngine(backend: Backend): RunLoss {
  return async (subject) => {
    const planned = backend.info.name === "webgpu";
    const [{ shape }] = subject.activations.values();
    const parameters = new Map(
      [...subject.activations].map(([name, { shape, values }]) => [
        name,
        { shape: planned ? [shape[0], 1] : shape, values },
      ]),
    );
    const engine = backend.makeEngine({ parameters, joined: [], activationBytes: 64, longest: shape[0] });
    const rows = Int32Array.from({ length: shape[0] }, (_, i) => i);
    const inputs: Inputs = { ...(planned && { ids: rows, at: rows }) };
    for (const [name, { values }] of Object.entries(subject.inputs)) inputs[name] = values;
    try {
      const [value] = await engine.accumulate(programOf(subject, planned), inputs);
      const grads = [...(await engine.gradients())].map(([name, { values }]) => [name, values] as const);
      return { value, grads: new Map(grads) };
    } finally {
      engine.dispose();
    }
  };
}
