/** Thrown by a route to answer with an error of the OAuth endpoints. */
export class OauthRefusal extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string, description: string) {
    super(description);
    this.name = "OauthRefusal";
    this.status = status;
    this.error = error;
  }
}

/** An OAuth error body (RFC 6749, 5.2). */
export function oauthErrorBody(error: string, description: string): object {
  return { error, error_description: description };
}
