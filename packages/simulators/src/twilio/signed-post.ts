import twilio from "twilio";

/** A form to post, signed with the account's token over exactly this URL. */
export type SignedPost = {
  url: string;
  form: Record<string, string>;
  authToken: string;
  timeoutMs: number;
  headers?: Record<string, string>;
  /** Ends the wait when the simulator closes. */
  signal: AbortSignal;
};

/** What came back; `status` is null where nobody answered in time, and `error` then says why. */
export type PostAnswer = { status: number | null; body: string; error?: string };

/** Posts a webhook as Twilio does. Never throws: an unreachable receiver is an answer too. */
export async function postSigned(post: SignedPost): Promise<PostAnswer> {
  const { url, form, authToken } = post;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        ...post.headers,
        "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
        "user-agent": "TwilioProxy/1.1",
        "x-twilio-signature": twilio.getExpectedTwilioSignature(authToken, url, form),
      },
      body: new URLSearchParams(form).toString(),
      redirect: "manual",
      signal: AbortSignal.any([post.signal, AbortSignal.timeout(post.timeoutMs)]),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: null, body: "", error: describe(error) };
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
