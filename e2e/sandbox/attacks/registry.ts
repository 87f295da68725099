import { answerAttacks } from "./answer";
import { bridgeAttacks } from "./bridge";
import { insideAttacks } from "./inside";
import { outsideAttacks } from "./outside";

export const attacks = [...bridgeAttacks, ...outsideAttacks, ...answerAttacks, ...insideAttacks];
