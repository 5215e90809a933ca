import { describe, expect, test } from "@jest/globals";
import { type CallSigns, defaultLeadScoreWeights, scoreLead } from "./lead-score.ts";

const quiet: CallSigns = {
  durationSeconds: 480,
  callerLines: [],
  offeringNames: ["Teeth Whitening"],
  booked: false,
  highValue: false,
};

describe("the lead score", () => {
  test("8 minutes, booked, high-value service: 85 exactly, explained part by part", () => {
    const lead = scoreLead({ ...quiet, booked: true, highValue: true });
    expect(lead).toMatchObject({ score: 85, isHot: true });
    expect(lead.parts.map(({ part, points }) => [part, points])).toEqual([
      ["duration", 60],
      ["booked", 20],
      ["high_value", 5],
    ]);
    expect(lead.parts[0]?.says).toBe("Talked for 8 minutes");
  });

  test("a short call has its share of the base", () => {
    expect(scoreLead({ ...quiet, durationSeconds: 150 }).score).toBe(25);
    expect(scoreLead({ ...quiet, durationSeconds: 0 }).score).toBe(0);
  });

  test("questions about price and service and a pleased caller count once each", () => {
    const callerLines = ["How much is teeth whitening?", "And the price of two?", "Great, thank you!"];
    const { parts } = scoreLead({ ...quiet, callerLines });
    expect(parts.map(({ part }) => part)).toEqual([
      "duration",
      "asked_about_price",
      "asked_about_offering",
      "positive_sentiment",
    ]);
  });

  test("an annoyed caller is not pleased, however often they say thanks", () => {
    const { parts } = scoreLead({ ...quiet, callerLines: ["This is ridiculous.", "Thanks for nothing."] });
    expect(parts.map(({ part }) => part)).toEqual(["duration"]);
  });

  test("is held within 0 and 100, by the tenant's own weights", () => {
    const weights = { ...defaultLeadScoreWeights, baseOver5Minutes: 95, booked: 50, alertFrom: 99 };
    expect(scoreLead({ ...quiet, booked: true }, weights)).toMatchObject({ score: 100, isHot: true });
    expect(scoreLead(quiet, weights)).toMatchObject({ score: 95, isHot: false });
    expect(scoreLead(quiet, { ...weights, baseOver5Minutes: -10 }).score).toBe(0);
  });

  test("weights without a mark to alert from mean the defaults", () => {
    const unset = { ...defaultLeadScoreWeights, baseOver5Minutes: 1, alertFrom: 0 };
    expect(scoreLead(quiet, unset).score).toBe(60);
  });
});
