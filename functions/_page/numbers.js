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

const POWER = /^([+-]?[\d.]*\d[\d.]*)?[×xX*·]?10(?:\^|\*\*)?\(?([+-]?\d+)\)?$/;
const ANGLE = /^([+-]?)(\d+(?:\.\d+)?)°(?:(\d+(?:\.\d+)?)[′'’])?(?:(\d+(?:\.\d+)?)(?:[″"”]|''|′′))?$/;
const RAISED = { "⁻": "-", "⁺": "+", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9" };

/**
 * The number that a cell means, digit for digit, or null: also 1.5×10^3, 14,35, 1,234.5, and for a
 * field in degrees 60°12′.
 */
export function reading(text, unit = "") {
  const found = token(text);
  if (found !== null) return found;
  const written = plain(text).replace(/\s+/g, "");
  if (/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(written)) return token(written.replaceAll(",", ""));
  if (/^[+-]?\d+,\d+$/.test(written)) return token(written.replace(",", "."));
  const lowered = written.replace(/[⁻⁺⁰¹²³⁴-⁹]+/g, (signs) => `^${[...signs].map((c) => RAISED[c]).join("")}`);
  const power = POWER.exec(lowered);
  if (power && (power[1] || lowered.includes("^"))) return token(`${power[1] ?? "1"}e${Number(power[2])}`);
  return unit === "°" ? degrees(written) : null;
}

function degrees(text) {
  const match = ANGLE.exec(text);
  if (!match) return null;
  const [, sign, whole, minutes, seconds] = match;
  if (minutes === undefined && seconds === undefined) return token(sign + whole);
  const value = Number(whole) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600;
  return token(`${sign}${Number(value.toFixed(seconds === undefined ? 6 : 8))}`);
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
