import type { Check } from "@bookproof/proto/doctor";
import type { GetTestAlertResponse } from "@bookproof/proto/notifier";
import { failedCheck, okCheck } from "@bookproof/service";
import type { Deps } from "../deps.ts";

/** What became of a test alert. */
export interface TestAlertState {
  acknowledged: boolean;
  /** Whether nothing more will become of it: it was acknowledged, or never arrives. */
  settled: boolean;
  delivery: Check;
}

/** @throws BookproofError `test_alert_not_found` */
export async function readTestAlert(deps: Deps, tenantId: string, testAlertId: string): Promise<TestAlertState> {
  const asked = { tenantId, testAlertId };
  const [sent, reply] = await Promise.all([deps.notifier.getTestAlert(asked), deps.agent.getTestAlert(asked)]);
  const acknowledged = reply.acknowledgedAt !== undefined;
  const delivery = checkDelivery(sent);
  return { acknowledged, settled: acknowledged || delivery.status === "CHECK_STATUS_FAILED", delivery };
}

const whatStatusMeans: Readonly<Record<string, string>> = {
  pending: "is not sent yet",
  sending: "is being sent",
  queued: "was taken by Twilio",
  sent: "was sent by Twilio",
  delivered: "was delivered",
};

function checkDelivery(sent: GetTestAlertResponse): Check {
  const name = "test alert";
  const which = `The test alert ${sent.ref} to ***${sent.phoneEnding}`;
  const means = whatStatusMeans[sent.status];
  if (means) return okCheck(name, `${which} ${means}.`);
  const code = sent.errorCode ? `, Twilio's code ${sent.errorCode}` : "";
  const why = sent.error && !code ? ` (${sent.error})` : "";
  const whatToDo = sent.errorCode
    ? `Look the code up at https://www.twilio.com/docs/api/errors/${sent.errorCode}; correct owner.phone or the number's registration.`
    : "Look at the log of the notifier for [SMS_GIVEN_UP] and [TRACE_SKIP], and run this again.";
  return failedCheck(name, `${which} did not arrive: ${sent.status}${code}${why}.`, whatToDo);
}
