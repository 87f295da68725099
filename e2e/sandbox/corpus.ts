/**
 * Snippets of the kind that a policy writes, several hundred. To add some, add a cell to a file in `corpus/`: its name
 * and the values of N it is run with. The files are not programs: each cell, with its line `N = ...`, is one.
 */
import errorCells from "./corpus/errors.py?raw";
import limits from "./corpus/limits.py?raw";
import numbers from "./corpus/numbers.py?raw";
import places from "./corpus/places.py?raw";
import things from "./corpus/things.py?raw";
import { readCells, type Snippet } from "./cells";

/** What any CPython prints: no address, clock, hash or entropy in it, and no limit but Python's own. */
export const plain: Snippet[] = [...readCells("numbers", numbers), ...readCells("things", things)];

/** Each ends in an error of Python. */
export const errors: Snippet[] = readCells("errors", errorCells);

export const corpus: Snippet[] = [...plain, ...errors, ...readCells("limits", limits), ...readCells("places", places)];
