// Numbers as students type them. They stay text from the cell to the request: 15.0 stays 15.0.

const FULL_WIDTH = /[０-９．，－＋Ｅｅ]/g;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const SUPERSCRIPT = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

/** What a student typed, with full-width characters and minus signs made plain. */
export function plain(text) {
  return text
    .replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[−–—]/g, "-")
    .replace(/。/g, ".")
    .trim();
}

/** The JSON number that says what was typed, digit for digit, or null where it is none. */
export function token(text) {
  const match = NUMBER.exec(plain(text));
  if (!match || !(match[2] || match[3])) return null;
  const [, sign, whole, fraction, exponent] = match;
  const digits = whole.replace(/^0+(?=\d)/, "") || "0";
  const power = exponent === undefined ? "" : `e${exponent}`;
  return `${sign === "-" ? "-" : ""}${digits}${fraction ? `.${fraction}` : ""}${power}`;
}

/** JSON parsed with every number left as the text that stands there. */
export function parseKeepingNumbers(json) {
  return JSON.parse(json.replace(TOKENS, (found) => (found[0] === '"' ? found : `"${found}"`)));
}

/** A number for reading, with `digits` significant digits, large and small ones as a×10ⁿ. */
export function readable(value, digits = 4) {
  if (value === null || value === undefined) return "—";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(digits))).replace("-", "−");
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const raised = [...String(Number(power))].map((c) => SUPERSCRIPT[c]).join("");
  return `${mantissa.replace("-", "−")}×10${raised}`;
}

/** A reference value: as exact as it is, or to two digits of its standard uncertainty. */
export function referred(value, uncertainty) {
  const exponent = (x) => Math.floor(Math.log10(Math.abs(x)));
  const stated = value.toExponential().split("e")[0].replace(/[-.]/g, "").length;
  const known = uncertainty && value ? exponent(value) - exponent(uncertainty) + 2 : 10;
  return readable(value, Math.max(2, Math.min(stated, known)));
}

/** A ratio in percent with a sign. */
export function percent(ratio) {
  const value = (100 * ratio).toPrecision(2);
  return `${ratio > 0 ? "+" : ""}${Number(value)} %`.replace("-", "−");
}
