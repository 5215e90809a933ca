import { prettyFactory } from "pino-pretty";

/** Makes one line of a process readable: `[12:01:02.003] INFO: booking [CID:…] message {"more":1}`. */
export function createLineFormat(colours: boolean): (source: string, line: string) => string {
  const pretty = prettyFactory({
    colorize: colours,
    singleLine: true,
    translateTime: "SYS:HH:MM:ss.l",
    ignore: "pid,hostname,service,cid,tenantId,traceId,spanId",
    messageFormat: (log, messageKey) => {
      const message = String(log[messageKey] ?? "");
      const cid = log.cid && !message.startsWith("[CID:") ? `[CID:${log.cid}] ` : "";
      return `${log.service} ${cid}${message}`;
    },
  });
  const plain = (source: string, line: string) => `[${localTime()}] ${source}: ${line}`;
  return (source, line) => {
    const log = line.startsWith("{") ? parseJson(line) : undefined;
    const isLog = typeof log === "object" && log !== null && "level" in log && "time" in log;
    return isLog ? pretty(Object.assign({ service: source }, log)).trimEnd() : plain(source, line);
  };
}

/** As pino-pretty writes it: `12:01:02.003`. */
function localTime(): string {
  const now = new Date();
  return `${now.toTimeString().slice(0, 8)}.${String(now.getMilliseconds()).padStart(3, "0")}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
