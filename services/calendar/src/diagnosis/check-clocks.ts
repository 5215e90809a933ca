import type { Check } from "@bookproof/proto/doctor";
import { checkClock, clockOfAnswer, warningCheck } from "@bookproof/service";
import type { Deps } from "../deps.ts";

const service = "the calendar service";
const googleMs = 3_000;

/** Google refuses what is signed with a wrong time. Any answer of its has its time, also a refusal. */
export async function checkGoogleClock(deps: Deps): Promise<Check> {
  const name = "clock against Google's";
  try {
    return await checkClock({ clock: "Google's", service, now: deps.now }, async () => {
      const url = `${deps.config.google.calendarBaseUrl}/calendar/v3/colors`;
      const { headers, body } = await fetch(url, { signal: AbortSignal.timeout(googleMs) });
      await body?.cancel();
      const reading = clockOfAnswer(headers.get("date"));
      if (!reading) throw new Error("the answer has no date");
      return reading;
    });
  } catch (error) {
    deps.logger.warn({ err: error }, "[CHECK_FAILED] Google did not tell its time");
    const whatToDo = "See that the calendar service reaches Google, and run this again.";
    return warningCheck(name, "Google did not tell its time.", whatToDo);
  }
}
