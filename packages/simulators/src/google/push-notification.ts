import { setTimeout as sleep } from "node:timers/promises";

/** A message that tells that a watched calendar changed, and nothing of what. */
export type Notification = {
  channelId: string;
  /** `sync` when the channel opens, `exists` for every change after that. */
  state: "sync" | "exists";
  /** 1 for the `sync`; grows, though not always by one. */
  messageNumber: number;
  resourceId: string;
  resourceUri: string;
  address: string;
  token: string | undefined;
  /** Milliseconds since the epoch. */
  expiration: number;
};

const TIME_OUT_MS = 5_000;
const RETRIED = new Set([500, 502, 503, 504]);
const RETRY_AFTER_MS = [200, 1_000];

/** Posts it; a receiver that is in trouble gets it again a few times, as at Google. What fails otherwise is lost. */
export async function pushNotification(notification: Notification, closing: AbortSignal): Promise<void> {
  for (const delay of [...RETRY_AFTER_MS, undefined]) {
    const status = await post(notification, closing);
    if (delay === undefined || closing.aborted || (status !== undefined && !RETRIED.has(status))) return;
    await sleep(delay, undefined, { ref: false });
  }
}

async function post(notification: Notification, closing: AbortSignal): Promise<number | undefined> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(TIME_OUT_MS)]);
  try {
    const answer = await fetch(notification.address, { method: "POST", headers: headersOf(notification), signal });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    // The receiver cannot be reached: that is its affair, and the notification is lost as at Google.
    return undefined;
  }
}

function headersOf({ token, ...notification }: Notification): Record<string, string> {
  return {
    "user-agent": "APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)",
    "x-goog-channel-id": notification.channelId,
    ...(token === undefined ? {} : { "x-goog-channel-token": token }),
    "x-goog-channel-expiration": new Date(notification.expiration).toUTCString(),
    "x-goog-message-number": String(notification.messageNumber),
    "x-goog-resource-id": notification.resourceId,
    "x-goog-resource-state": notification.state,
    "x-goog-resource-uri": notification.resourceUri,
  };
}
