/** Ops and losses on a tfjs backend, differentiated by tfjs. */
import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import { chooseBackend } from "../device";
import { inputsOf } from "../eager/engine";
import { differentiate, withGradient } from "../eager/gradient";
import { referenceOps } from "../eager/ops";
import { wasmOps } from "../eager/wasm/ops";
import type { Ops } from "../ops";
import type { Inputs, Scope } from "../program";
import { type LossCase, mixture, type OpCase, type Outcome, type RunLoss, type RunOp } from "./case";

interface Differentiable {
  loss: tf.Tensor;
  read: tf.Tensor;
}

/** Fails where a tensor stays behind. */
async function runEagerly(
  backend: "cpu" | "wasm",
  { parameters, activations, inputs }: Omit<OpCase | LossCase, "run">,
  run: (scope: Scope<tf.Tensor>) => Differentiable,
): Promise<Outcome> {
  const ops: Ops<tf.Tensor> = backend === "wasm" ? wasmOps : referenceOps;
  await chooseBackend(backend);
  const alive = tf.memory().numTensors;
  const tensors = new Map(
    [...parameters, ...activations].map(([name, { shape, values }]) => [name, tf.keep(tf.tensor(values, shape))]),
  );
  const given: Inputs = Object.fromEntries(Object.entries(inputs).map(([name, { values }]) => [name, values]));
  const outputs: tf.Tensor[] = [];
  const { value: loss, grads } = differentiate(() => {
    const parameter = (name: string): tf.Tensor => tensors.get(name) ?? missing(name);
    const { loss, read } = run({ ops, parameter, input: inputsOf(inputs, given) });
    outputs.push(tf.keep(tf.clone(read)));
    return [loss];
  }, [...tensors.values()]);
  const [value, ...lists] = await Promise.all([...outputs, ...grads].map((tensor) => tensor.data<"float32">()));
  tf.dispose([loss, ...grads, ...tensors.values(), ...outputs]);
  expect(tf.memory().numTensors).toBe(alive);
  return {
    value: new Float32Array(value),
    grads: new Map([...tensors.keys()].map((name, i) => [name, new Float32Array(lists[i])])),
  };
}

export function missing(name: string): never {
  throw new Error(`The case has no parameter ${name}.`);
}

function mixed(y: tf.Tensor): tf.Tensor {
  const coefficients = tf.tensor(mixture(y.size), y.shape);
  return withGradient(
    [y],
    () => ({ value: tf.sum(tf.mul(y, coefficients)), saved: [coefficients] }),
    (dy, [coefficients]) => [tf.mul(dy, coefficients)],
  );
}

/** An op on a tfjs backend. */
export function eagerly(backend: "cpu" | "wasm"): RunOp {
  return (subject) =>
    runEagerly(backend, subject, (scope) => {
      const y = subject.run(scope);
      return { loss: mixed(y), read: y };
    });
}

/** A loss on a tfjs backend. */
export function lossEagerly(backend: "cpu" | "wasm"): RunLoss {
  return (subject) =>
    runEagerly(backend, subject, (scope) => {
      const { loss, statistics } = subject.run(scope);
      return { loss, read: statistics };
    });
}
