import type { Stage } from "../matrix.ts";

/** Where one customer's journey is; whoever wants to strike waits for it there. */
export interface StageBoard {
  enter(stage: Stage): void;
  /** Resolves when the journey enters the stage; false when it ended, or the time is up, before. */
  reached(stage: Stage, withinMs: number): Promise<boolean>;
  /** No stage will be entered any more. */
  end(): void;
}

export function createStageBoard(): StageBoard {
  const entered = new Set<Stage>();
  const waiting = new Map<Stage, (reached: boolean) => void>();
  let ended = false;
  return {
    enter(stage) {
      entered.add(stage);
      waiting.get(stage)?.(true);
    },
    reached(stage, withinMs) {
      if (entered.has(stage)) return Promise.resolve(true);
      if (ended) return Promise.resolve(false);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), withinMs);
        waiting.set(stage, (reached) => {
          clearTimeout(timer);
          resolve(reached);
        });
      });
    },
    end() {
      ended = true;
      for (const settle of waiting.values()) settle(false);
    },
  };
}
