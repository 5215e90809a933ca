import { nodeForServices, repositoryRoot } from "./repository.ts";
import { type Supervisor, superviseProcess } from "./supervisor.ts";

/** A TypeScript file of the repository that runs as a process. */
export type SupervisedScript = Supervisor & {
  /** How often it ended by itself. */
  deaths(): number;
  /** The last thing it complained about: a fatal log line's message, or an error on its standard error. */
  lastComplaint(): string;
};

/** Runs a script and starts it again when it dies. */
export function superviseScript(options: {
  name: string;
  /** From the repository's root. */
  script: string;
  /** What Node loads before it. */
  imports?: readonly string[];
  env: NodeJS.ProcessEnv;
  onLine: (source: string, line: string) => void;
  /** Called for each end and each restart. */
  onChange: () => void;
}): SupervisedScript {
  const { name, script, imports = [], onLine, onChange } = options;
  let deaths = 0;
  let complaint = "it gave no reason";
  let stopping = false;
  const supervisor = superviseProcess({
    name,
    command: [nodeForServices(repositoryRoot), ...imports.flatMap((file) => ["--import", file]), script],
    cwd: repositoryRoot,
    env: { ...options.env, EXIT_WITH_PARENT: "true" },
    restart: true,
    onLine: (stream, line) => {
      complaint = complaintIn(stream, line) ?? complaint;
      onLine(name, line);
    },
    onExit: ({ code, signal }) => {
      onChange();
      if (stopping) return;
      deaths += 1;
      onLine("launcher", `${name} ended (${signal ?? `exit code ${code}`}) and is started again`);
    },
    onRestart: onChange,
  });
  return {
    pid: supervisor.pid,
    deaths: () => deaths,
    lastComplaint: () => complaint,
    stop(graceMs) {
      stopping = true;
      return supervisor.stop(graceMs);
    },
  };
}

function complaintIn(stream: "stdout" | "stderr", line: string): string | undefined {
  if (stream === "stderr") return /^\w*Error\b|simulator: /.test(line) ? line : undefined;
  const message = /"level":"fatal".*"msg":("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  return message === undefined ? undefined : String(JSON.parse(message));
}
