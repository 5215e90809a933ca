import { z } from "zod";

const numberSettingsSchema = z.object({
  /** Absent: the webhook to which the simulator posts. */
  smsUrl: z.string().optional(),
  smsMethod: z.enum(["POST", "GET"]).default("POST"),
  /** AP…, which then has the webhook. */
  smsApplicationSid: z.string().default(""),
  canText: z.boolean().default(true),
  canCall: z.boolean().default(true),
});
export type NumberSettings = z.output<typeof numberSettingsSchema>;

/** A Twilio account. With `phoneNumbers` it may send from these alone, and inbound texts to them are its own. */
export const twilioAccountSchema = z.object({
  sid: z.string().min(1),
  authToken: z.string().min(1),
  phoneNumbers: z.array(z.string()).optional(),
  /** As the Account resource shows them. */
  status: z.enum(["active", "suspended", "closed"]).optional(),
  type: z.enum(["Full", "Trial"]).optional(),
  /** How a number of it is set up, by number; only shown. */
  numberSettings: z.record(z.string(), numberSettingsSchema.partial()).optional(),
});

/** How a number of an account is set up. */
export function settingsOf(account: TwilioAccount, phoneNumber: string): NumberSettings {
  return numberSettingsSchema.parse(account.numberSettings?.[phoneNumber] ?? {});
}

export type TwilioAccount = z.infer<typeof twilioAccountSchema>;

/** The accounts the simulator knows. */
export type Accounts = {
  /** Adds an account, or replaces the one of the same sid. */
  put(account: TwilioAccount): void;
  /**
   * The account of an `Authorization: Basic` header, if it may use `/Accounts/:sid`. In open mode (none declared) any
   * credentials do, and are remembered so that callbacks can be signed.
   */
  authenticate(authorization: string | undefined, sid: string): TwilioAccount | undefined;
  get(sid: string): TwilioAccount | undefined;
  /** Who owns a number; where no account declares it, the only account there is. */
  ownerOf(phoneNumber: string): TwilioAccount | undefined;
  /** Only the account that declares the number. */
  declaredOwnerOf(phoneNumber: string): TwilioAccount | undefined;
};

/** Starts with the declared accounts; none means open mode, until one is declared. */
export function createAccounts(declared: TwilioAccount[]): Accounts {
  const accounts = new Map(declared.map((account) => [account.sid, account]));
  let open = declared.length === 0;

  const declaredOwnerOf = (phoneNumber: string): TwilioAccount | undefined =>
    [...accounts.values()].find((account) => account.phoneNumbers?.includes(phoneNumber));

  return {
    put(account) {
      if (open) accounts.clear();
      open = false;
      accounts.set(account.sid, account);
    },
    authenticate(authorization, sid) {
      const credentials = parseBasic(authorization);
      if (credentials === undefined || credentials.user !== sid) return undefined;
      const known = accounts.get(sid);
      if (open) {
        const account = { ...known, sid, authToken: credentials.password };
        accounts.set(sid, account);
        return account;
      }
      return known?.authToken === credentials.password ? known : undefined;
    },
    get: (sid) => accounts.get(sid),
    ownerOf(phoneNumber) {
      const [only, ...others] = accounts.values();
      return declaredOwnerOf(phoneNumber) ?? (others.length === 0 ? only : undefined);
    },
    declaredOwnerOf,
  };
}

function parseBasic(authorization: string | undefined): { user: string; password: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
