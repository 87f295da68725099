import { exhaustionPoisons } from "./exhaustion";
import { interpreterPoisons } from "./interpreter";
import { javascriptPoisons } from "./javascript";
import { libraryPoisons } from "./library";

export const poisons = [...javascriptPoisons, ...libraryPoisons, ...interpreterPoisons, ...exhaustionPoisons];
