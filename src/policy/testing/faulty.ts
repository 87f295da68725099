/** Backends that compute something else than they should. Only tests import this folder. */
import type { Backend } from "../../tensor/device";
import type { Decoder } from "../../tensor/decoder";
import type { Engine } from "../../tensor/engine";

/** The real engines of a backend, with a driver's fault between them and the policy. */
export function faulty(backend: Backend, spoil: (engine: Engine) => Partial<Engine>): Backend {
  return {
    ...backend,
    makeEngine: (options) => {
      const engine = backend.makeEngine(options);
      const bound = new Proxy(engine, {
        get: (target, key) => {
          const found: unknown = Reflect.get(target, key, target);
          return typeof found === "function" ? (found.bind(target) as unknown) : found;
        },
      });
      const spoiled = spoil(engine);
      return new Proxy(bound, { get: (target, key) => Reflect.get(key in spoiled ? spoiled : target, key) as unknown });
    },
  };
}

/** A decoder of which some methods do something else. */
export function spoiltDecoder(decoder: Decoder, spoiled: Partial<Decoder>): Decoder {
  return Object.assign(Object.create(decoder) as Decoder, {
    begin: decoder.begin.bind(decoder),
    advance: decoder.advance.bind(decoder),
    dispose: decoder.dispose.bind(decoder),
    ...spoiled,
  });
}

/** Policy log-probabilities of all that decoders write, spoiled. */
export function spoiltLogprobs(spoil: (logprob: number) => number): (engine: Engine) => Partial<Engine> {
  return (engine) => ({
    makeDecoder: (...given) => {
      const decoder = engine.makeDecoder(...given);
      return spoiltDecoder(decoder, {
        advance: async () => {
          const written = await decoder.advance();
          return written.map((row) => ({ ...row, policyLogprobs: row.policyLogprobs.map(spoil) }));
        },
      });
    },
  });
}
