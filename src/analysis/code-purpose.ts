/**
 * What a snippet is for (paper, section 4.2, which had a language model say so). Here it is told by rules on its text,
 * the first that fits; comments and the content of strings are left out first, so that words about code do not count,
 * but for what an f-string computes.
 *
 * 1. simulation    draws random numbers, or names trials
 * 2. verification  asserts, prints a comparison, branches on an equality outside of any loop, calls something named
 *                  check or verify; or prints again what an earlier snippet of the episode had printed
 * 3. geometry      shapes, trigonometry, distances; a cross product; a sum of squares (Pythagoras)
 * 4. algebra       symbols, equations and polynomials given to a solver
 * 5. search        goes through candidates and tests each
 * 6. calculation   computes anything else
 * 7. other         computes nothing: prints what stands there, or is no code
 */
import { type CodePurpose, noPurposes } from "../core/code-purpose";
import type { EpisodeRecord } from "../core/episode";

/** A string with its prefix, or a comment. What is unclosed ends with its line, or with the code if quoted threefold. */
const stringOrComment =
  /(\b[rbuf]{1,2})?("""[\s\S]*?(?:"""|(?![\s\S]))|'''[\s\S]*?(?:'''|(?![\s\S]))|"(?:\\.|[^"\\\n])*(?:"|$)|'(?:\\.|[^'\\\n])*(?:'|$))|#.*/gim;

/** What stands in the braces of an f-string; `{{` is a brace that is printed. */
function fieldsOf(string: string): string[] {
  const fields: string[] = [];
  let depth = 0;
  let begin = 0;
  for (const { 0: bracket, index } of string.matchAll(/\{\{|[{[(}\])]/g)) {
    if (bracket.startsWith("{") && depth === 0) {
      if (bracket === "{") depth = 1;
      begin = index + 1;
    } else if (depth > 0) {
      depth += "{[(".includes(bracket[0]) ? bracket.length : -1;
      if (depth === 0) fields.push(string.slice(begin, index));
    }
  }
  return fields;
}

/** What a field computes, without how it is to be written: `x` of `x:>5` and of `x!r`. */
function computedIn(field: string): string {
  const code = bareCode(field);
  let depth = 0;
  for (const { 0: mark, index } of code.matchAll(/[{[(}\]):]|!(?!=)/g)) {
    if ("{[(".includes(mark)) depth += 1;
    else if ("}])".includes(mark)) depth -= 1;
    else if (depth === 0) return code.slice(0, index);
  }
  return code;
}

/** The code without comments and with its strings emptied; what an f-string computes follows it, term after term. */
function bareCode(code: string): string {
  return code.replaceAll(stringOrComment, (_, prefix?: string, string?: string) => {
    if (string === undefined) return "";
    const fields = prefix?.toLowerCase().includes("f") ? fieldsOf(string) : [];
    return ['""', ...fields.map(computedIn)].join(", ");
  });
}

/** Everything that stands directly between the brackets of a `print`, not inside inner ones. */
function printedTerms(code: string): string[] {
  return [...code.matchAll(/\bprint\s*\(/g)].map(({ index, 0: opening }) => {
    let depth = 1;
    let term = "";
    for (const character of code.slice(index + opening.length)) {
      if ("([{".includes(character)) depth += 1;
      if (")]}".includes(character)) depth -= 1;
      if (depth === 0) break;
      if (depth === 1) term += character;
    }
    return term;
  });
}

const comparison = /[^<>=!]==|!=|<=|>=|[^<>]<[^<]|[^<>]>[^>]|\bin\b|\bis\b/;

const isSimulation = (code: string): boolean =>
  /\bimport\s+random\b|\bfrom\s+random\b|\brandom\.\w|\brandint\(|\b(?:trials?|simulat\w*|monte_?carlo)\b/i.test(code);

function isVerification(code: string): boolean {
  if (/^\s*assert\b/m.test(code)) return true;
  if (/\b(?:\w+_)?(?:check|verify|verified|validate|isclose|allclose)(?:_\w+)?\s*\(/i.test(code)) return true;
  // A choice between two values compares as well, but prints no verdict.
  if (printedTerms(code).some((term) => comparison.test(term) && !/\b(?:if|for)\b/.test(term))) return true;
  return /^if\b(?!.*__name__).*[^<>=!]==/m.test(code);
}

/** A number, a name with an index, or something in brackets. */
const term = String.raw`(?:\([^()]*\)|-?[\w.]+(?:\[[^\]]*\])*)`;
const crossProduct = new RegExp(String.raw`\babs\s*\(\s*${term}\s*\*\s*${term}\s*-\s*${term}\s*\*\s*${term}`);
const square = String.raw`(?:${term}\s*\*\*\s*2\b|(\b\w+)\s*\*\s*`;
const sumOfSquares = new RegExp(String.raw`${square}\1\b)\s*\+\s*${square}\2\b)`);
const shapes =
  /\b(?:Point|Polygon|Triangle|Circle|Segment|shapely|hypot|dist|radians|degrees|a?(?:sin|cos|tan)|atan2)\s*\(|\bmath\.pi\b/;
const shapeNames =
  /\b(?:area|distance|perimeter|hypotenuse|radius|circumference|angles?|triangles?|circles?|polygon|vertices|shoelace|centroid)\b/i;
/** Both x1 and y1: two roots x1 and x2 are no points. */
const coordinates = /\bx[1-9]\b[\s\S]*\by[1-9]\b|\by[1-9]\b[\s\S]*\bx[1-9]\b/;

const isGeometry = (code: string): boolean =>
  [crossProduct, sumOfSquares, shapes, shapeNames, coordinates].some((rule) => rule.test(code));

const isAlgebra = (code: string): boolean =>
  /\bsymbols?\s*\(|\bSymbol\s*\(|\b(?:n?solve|solveset|linsolve|fsolve|Eq|expand|factor|simplify|roots|Poly|Matrix|poly1d)\s*\(/.test(
    code,
  ) || /\bdiscriminant\b/i.test(code);

/** `while n > 0` only counts; a condition that computes something tests it. */
function testingLoops(code: string): boolean {
  const conditions = [...code.matchAll(/\bwhile\b([^:\n]*)/g)].map(([, condition]) => condition);
  return conditions.some((condition) => /[%*/+-]|\w\(|\bnot\b|\band\b|\bor\b/.test(condition));
}

function isSearch(code: string): boolean {
  if (/\b(?:permutations|combinations|product)\s*\(/.test(code) && /\bfor\b/.test(code)) return true;
  if (testingLoops(code)) return true;
  if (!/\b(?:for|while)\b/.test(code)) return false;
  const withoutWhile = code.replaceAll(/\bwhile\b[^:\n]*/g, "");
  return /\bif\b|\b(?:any|all|filter)\s*\(|==|!=|<=|>=|[^<]<[^<]|[^>]>[^>]/.test(withoutWhile);
}

const isCalculation = (code: string): boolean =>
  /[\w)\]]\s*(?:\*\*|\/\/|[+\-*/%&|^]|<<|>>)\s*[\w([-]/.test(code) ||
  /\b(?!print\b|int\b|str\b|float\b|input\b|if\b|while\b|return\b|in\b|and\b|or\b|not\b)[A-Za-z_]\w*\s*\(/.test(code);

const rules: readonly [CodePurpose, (code: string) => boolean][] = [
  ["simulation", isSimulation],
  ["verification", isVerification],
  ["geometry", isGeometry],
  ["algebra", isAlgebra],
  ["search", isSearch],
  ["calculation", isCalculation],
];

/** What a snippet is for, by its text alone. */
export function codePurpose(code: string): CodePurpose {
  const bare = bareCode(code);
  return rules.find(([, fits]) => fits(bare))?.[0] ?? "other";
}

/** What each snippet of an episode is for: one that prints again what another snippet had printed checks it. */
export function purposesOf({ turns }: Pick<EpisodeRecord, "turns">): CodePurpose[] {
  return turns.map(({ code, status, stdout }, place) => {
    const repeats = turns
      .slice(0, place)
      .some((other) => other.status === "ok" && other.stdout.trim() === stdout.trim() && other.code !== code);
    return repeats && status === "ok" && stdout.trim() !== "" ? "verification" : codePurpose(code);
  });
}

/** How many snippets of the episodes are for what. */
export function countPurposes(episodes: readonly Pick<EpisodeRecord, "turns">[]): Record<CodePurpose, number> {
  const counts = { ...noPurposes };
  for (const purpose of episodes.flatMap(purposesOf)) counts[purpose] += 1;
  return counts;
}
