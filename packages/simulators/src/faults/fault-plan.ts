import { createDraws } from "./draws.ts";
import {
  type FaultRule,
  type FaultRuleInput,
  faultRuleSchema,
  matchesRequest,
  type RequestFacts,
} from "./fault-rule.ts";

/** A rule in force and how often it struck. */
export type PlannedFault = FaultRule & { id: number; fired: number };

/** One strike; kept when the rules are cleared, so that a run can show that its faults were not vacuous. */
export type FiredFault = {
  ruleId: number;
  kind: FaultRule["kind"];
  method: string;
  path: string;
  /** Whom the request was to, and what it said; Twilio only. */
  to?: string;
  text?: string;
  at: number;
};

/** The fault plan of a simulator as tests see it. */
export type Faults = {
  /**
   * Adds a rule behind those in force; the first that matches a request strikes.
   * @throws ZodError when the rule is malformed
   */
  add(rule: FaultRuleInput): PlannedFault;
  /** Ends every rule. Requests that already hang stay hanging. */
  clear(): void;
  /** The rules in force, spent ones included. */
  list(): PlannedFault[];
  /** Every strike since the start. */
  fired(): FiredFault[];
};

/** A rule taken for one request. */
export type FaultClaim = { rule: FaultRule; release(): void };

/** The plan with the side the server uses. */
export type FaultPlan = Faults & {
  /** Takes the first rule that matches; counted as fired unless the claim is released. */
  claim(facts: RequestFacts): FaultClaim | undefined;
};

type RuleInForce = PlannedFault & { passed: number; draw: () => number };

/** An empty plan. `now` gives milliseconds since the epoch. */
export function createFaultPlan(now: () => number): FaultPlan {
  let rules: RuleInForce[] = [];
  let strikes: FiredFault[] = [];
  let lastId = 0;

  const publicView = ({ passed: _passed, draw: _draw, ...rule }: RuleInForce): PlannedFault => rule;

  return {
    add(input) {
      lastId += 1;
      const parsed = faultRuleSchema.parse(input);
      const rule = { ...parsed, id: lastId, fired: 0, passed: 0, draw: createDraws(parsed.seed) };
      rules.push(rule);
      return publicView(rule);
    },
    clear() {
      rules = [];
    },
    list: () => rules.map(publicView),
    fired: () => [...strikes],
    claim(facts) {
      for (const rule of rules) {
        if (rule.fired >= (rule.times ?? Number.POSITIVE_INFINITY) || !matchesRequest(rule.match, facts)) continue;
        if (rule.passed < rule.skip) {
          rule.passed += 1;
          continue;
        }
        if (rule.rate < 1 && rule.draw() >= rule.rate) continue;
        rule.fired += 1;
        const { method, path, to, text } = facts;
        const message = to === undefined ? {} : { to, ...(text === undefined ? {} : { text }) };
        const strike = { ruleId: rule.id, kind: rule.kind, method, path, ...message, at: now() };
        strikes.push(strike);
        return {
          rule,
          release() {
            rule.fired -= 1;
            strikes = strikes.filter((other) => other !== strike);
          },
        };
      }
      return undefined;
    },
  };
}
