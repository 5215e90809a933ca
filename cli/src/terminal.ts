import { styleText } from "node:util";

/** Where lines are printed. */
export interface Terminal {
  /** In characters; undefined where lines may be as long as they like. */
  width: number | undefined;
  colours: boolean;
}

/** What is known of standard output: nothing is coloured or wrapped unless somebody looks at it, nor coloured against NO_COLOR. */
export function terminalOf(
  stdout: { isTTY?: boolean; columns?: number },
  env: { NO_COLOR?: string | undefined; TERM?: string | undefined },
): Terminal {
  if (!stdout.isTTY) return { width: undefined, colours: false };
  return { width: stdout.columns || undefined, colours: !env.NO_COLOR && env.TERM !== "dumb" };
}

export type Style = "red" | "yellow" | "green" | "dim" | "bold" | "plain";

/** Colours a text where the terminal has colours. */
export const painter =
  ({ colours }: Terminal) =>
  (style: Style, text: string): string =>
    colours && style !== "plain" && text.trim() !== "" ? styleText(style, text, { validateStream: false }) : text;
