/** Points by what a call showed. */
export interface LeadScoreWeights {
  /** For a call of more than five minutes. */
  baseOver5Minutes: number;
  /** For a call of five minutes; a shorter one has its share of it. */
  baseUnder5Minutes: number;
  askedAboutPrice: number;
  askedAboutOffering: number;
  positiveSentiment: number;
  booked: number;
  highValue: number;
  /** The owner is alerted from this score on. */
  alertFrom: number;
}

/** Seed 002: 8 minutes 60, booked +20, high-value +5 = 85; alerts from 70. */
export const defaultLeadScoreWeights: LeadScoreWeights = {
  baseOver5Minutes: 60,
  baseUnder5Minutes: 50,
  askedAboutPrice: 5,
  askedAboutOffering: 5,
  positiveSentiment: 5,
  booked: 20,
  highValue: 5,
  alertFrom: 70,
};

/** What is known of a call when it has ended. */
export interface CallSigns {
  durationSeconds: number;
  /** What the caller said, line by line. */
  callerLines: string[];
  /** Names and aliases of what the tenant offers. */
  offeringNames: string[];
  booked: boolean;
  /** The offering asked for is marked high-value. */
  highValue: boolean;
}

export interface LeadScore {
  /** 0–100. */
  score: number;
  /** The owner is to be alerted. */
  isHot: boolean;
  /** Why: the sum of the points, held within 0–100, is the score. */
  parts: { part: string; points: number; says: string }[];
}

const price =
  /\b(?:how much|price[sd]?|pricing|costs?|charges?|fees?|rates?|expensive|afford|insurance|quote|estimate)\b/i;
const offering = /\b(?:do you (?:do|offer|have)|services?|treatments?|what do you)\b/i;
const positive =
  /\b(?:great|perfect|awesome|wonderful|excellent|amazing|love|lovely|fantastic|thank(?:s| you)|sounds good)\b/i;
const negative = /\b(?:terrible|awful|horrible|annoy(?:ed|ing)|angry|upset|ridiculous|useless|not interested|waste)\b/i;
const FIVE_MINUTES = 300;

/** How promising a call was. `alertFrom` 0 in the tenant's weights means the defaults throughout. */
export function scoreLead(signs: CallSigns, tenantWeights?: LeadScoreWeights): LeadScore {
  const weights = tenantWeights?.alertFrom ? tenantWeights : defaultLeadScoreWeights;
  const said = signs.callerLines.join("\n");
  const asksOffering = offering.test(said) || mentions(said, signs.offeringNames);
  const parts = [
    durationPart(signs.durationSeconds, weights),
    ...(price.test(said) ? [part("asked_about_price", weights.askedAboutPrice, "Asked about the price")] : []),
    ...(asksOffering ? [part("asked_about_offering", weights.askedAboutOffering, "Asked about a service")] : []),
    ...(positive.test(said) && !negative.test(said)
      ? [part("positive_sentiment", weights.positiveSentiment, "Sounded pleased")]
      : []),
    ...(signs.booked ? [part("booked", weights.booked, "Booked an appointment")] : []),
    ...(signs.highValue ? [part("high_value", weights.highValue, "Asked for a high-value service")] : []),
  ];
  const sum = parts.reduce((total, { points }) => total + points, 0);
  const score = Math.min(100, Math.max(0, sum));
  return { score, isHot: score >= weights.alertFrom, parts };
}

function durationPart(seconds: number, weights: LeadScoreWeights) {
  const minutes = Math.round(seconds / 6) / 10;
  const points =
    seconds > FIVE_MINUTES
      ? weights.baseOver5Minutes
      : Math.round((weights.baseUnder5Minutes * Math.max(0, seconds)) / FIVE_MINUTES);
  return part("duration", points, `Talked for ${minutes} minutes`);
}

function part(name: string, points: number, says: string) {
  return { part: name, points, says };
}

function mentions(said: string, names: string[]): boolean {
  const words = ` ${said.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  return names.some((name) => {
    const wanted = name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
    return wanted !== "" && words.includes(` ${wanted} `);
  });
}
