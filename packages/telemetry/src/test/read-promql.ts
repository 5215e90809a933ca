/** What an expression asks for. */
export interface Expression {
  selectors: { metric: string; labels: string[] }[];
  /** The labels of its `by (…)`. */
  groupedBy: string[];
}

const operators = new Set(["and", "or", "unless", "offset", "bool"]);
const label = /([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)\s*"[^"]*"/g;

/** Reads of a PromQL expression what it selects and groups by; the expressions here use no `on`, `ignoring` or `without`. */
export function readExpression(expr: string): Expression {
  const groups = [...expr.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, list = ""]) => list.split(","));
  const rest = expr.replace(/\bby\s*\([^)]*\)/g, " ").replace(/\[[^\]]*\]/g, " ");
  const selectors = [...rest.matchAll(/(?<![\w"])([a-zA-Z_:][\w:]*)\s*(\{[^}]*\}|\()?/g)].flatMap(
    ([, name = "", after = ""]) => {
      if (after === "(" || operators.has(name)) return [];
      return [{ metric: name, labels: [...after.matchAll(label)].map(([, of = ""]) => of) }];
    },
  );
  return { selectors, groupedBy: groups.map((group) => group.trim()).filter(Boolean) };
}

/** The names of all series in the text that Prometheus reads, and the labels of each. */
export function metricsOf(text: string): Map<string, Set<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const line of text.split("\n")) {
    const [, name, labels = ""] = /^([a-zA-Z_:][\w:]*)(\{.*\})?\s/.exec(line) ?? [];
    if (!name) continue;
    const known = metrics.get(name) ?? new Set();
    for (const [, of = ""] of labels.matchAll(/([a-zA-Z_]\w*)="/g)) known.add(of);
    metrics.set(name, known);
  }
  return metrics;
}
