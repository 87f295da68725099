import { exhaustionPoisons } from "./exhaustion";
import { interpreterPoisons } from "./interpreter";
import { libraryPoisons } from "./library";

export const poisons = [...libraryPoisons, ...interpreterPoisons, ...exhaustionPoisons];
