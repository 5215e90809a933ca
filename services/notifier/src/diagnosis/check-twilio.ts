import type { TenantConnection } from "@bookproof/proto/booking";
import type { Check } from "@bookproof/proto/doctor";
import { checkClock, clockOfAnswer, failedCheck, okCheck, skippedCheck, warningCheck } from "@bookproof/service";
import { TwilioError } from "../adapters/twilio-error.ts";
import type { Deps } from "../deps.ts";
import { judgeWebhook } from "../domain/number-webhook.ts";
import { accountOf } from "../escalation/channels.ts";

const name = "Twilio account";
const clockMs = 3_000;
const applyToken =
  "Put the Account SID and the Auth Token of Twilio's console in the tenant file, and run `npm run bookproof -- tenant apply FILE`.";
const answers: Record<TwilioError["kind"], readonly [detail: string, whatToDo: string]> = {
  credentials: ["Twilio refuses the account or its token.", applyToken],
  rate_limited: ["Twilio asks to slow down.", "Run this again in a minute."],
  rejected: ["Twilio refuses to show the account.", applyToken],
  unknown: [
    "Twilio does not answer.",
    "See Twilio's status page, TWILIO_BASE_URL, and whether the notifier reaches it.",
  ],
};

/** Whether Twilio takes the tenant's credentials, and whether the account may send. */
export async function checkAccount(deps: Deps, connection: TenantConnection): Promise<Check> {
  try {
    const { status, type } = await deps.twilio.fetchAccount(accountOf(connection));
    if (status !== "active")
      return failedCheck(name, `The account is ${status}.`, "Activate it in Twilio's console, or ask Twilio why.");
    if (type !== "Trial") return okCheck(name, "Twilio takes its credentials, and it is active.");
    const whatToDo = "Upgrade the account: a trial texts verified numbers alone, and adds words of its own.";
    return warningCheck(name, "It is a trial account.", whatToDo);
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    const [detail, whatToDo] = answers[error.kind];
    return failedCheck(name, `${detail}${error.code ? ` (Twilio's code ${error.code})` : ""}`, whatToDo);
  }
}

/** Each number of the tenant: whether it is the account's, and whether its texts come to us. */
export async function checkNumbers(deps: Deps, connection: TenantConnection, account: Check): Promise<Check[]> {
  const { phoneNumbers } = connection;
  if (phoneNumbers.length === 0)
    return [failedCheck("number", "The tenant has no number.", "Put one in phone_numbers of the tenant file.")];
  return Promise.all(
    phoneNumbers.map((number) =>
      account.status === "CHECK_STATUS_FAILED"
        ? skippedCheck(`number ${number}`, "Not looked at, since Twilio does not show the account.")
        : checkNumber(deps, connection, number),
    ),
  );
}

async function checkNumber(deps: Deps, connection: TenantConnection, number: string): Promise<Check> {
  const about = `number ${number}`;
  try {
    const found = await deps.twilio.findNumber(accountOf(connection), number);
    if (!found) {
      const whatToDo = "Buy or port it to this account, or correct phone_numbers or account_sid in the tenant file.";
      return failedCheck(about, "It does not belong to the Twilio account.", whatToDo);
    }
    const { status, detail, whatToDo } = judgeWebhook(found, `${deps.config.publicUrl}/api/twilio/sms`);
    if (status === "failed") return failedCheck(about, detail, whatToDo);
    if (status === "warning") return warningCheck(about, detail, whatToDo);
    if (found.canCall) return okCheck(about, detail);
    return warningCheck(
      about,
      "It cannot call: an owner who does not get a text is not called.",
      "Use a number with Voice.",
    );
  } catch (error) {
    if (!(error instanceof TwilioError)) throw error;
    const [detail, whatToDo] = answers[error.kind];
    return failedCheck(about, detail, whatToDo);
  }
}

/** Any answer of Twilio's has its time, also a refusal: no credential is sent. */
export async function checkTwilioClock({ config, logger }: Deps): Promise<Check> {
  const service = "the notifier";
  try {
    return await checkClock({ clock: "Twilio's", service }, async () => {
      const url = `${config.twilioBaseUrl}/2010-04-01/Accounts.json`;
      const { headers, body } = await fetch(url, { signal: AbortSignal.timeout(clockMs) });
      await body?.cancel();
      const reading = clockOfAnswer(headers.get("date"));
      if (!reading) throw new Error("the answer has no date");
      return reading;
    });
  } catch (error) {
    logger.warn({ err: error }, "[CHECK_FAILED] Twilio did not tell its time");
    return warningCheck("clock against Twilio's", "Twilio did not tell its time.", answers.unknown[1]);
  }
}
