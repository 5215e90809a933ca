import { z } from "zod";
import { calendarDeclarationSchema } from "./google/calendars.ts";
import { consentSchema } from "./google/oauth/consent.ts";
import { oauthClientSchema } from "./google/oauth/oauth-clients.ts";
import { twilioAccountSchema } from "./twilio/accounts.ts";

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});
const flag = z.enum(["true", "false"]).default("false");
const port = z.coerce.number().int().min(0).max(65535).default(0);

const twilioEnvSchema = z.object({
  PORT: port,
  TWILIO_SIM_ACCOUNTS: json.pipe(z.array(twilioAccountSchema)).default([]),
  TWILIO_SIM_WEBHOOK_URL: z.url().optional(),
  TWILIO_SIM_FALLBACK_URL: z.url().optional(),
  LEDGER_FILE: z.string().min(1).optional(),
  EXIT_WITH_PARENT: flag,
});

const googleEnvSchema = z.object({
  PORT: port,
  GOOGLE_SIM_CALENDARS: json.pipe(z.array(z.union([z.string(), calendarDeclarationSchema]))).optional(),
  GOOGLE_SIM_OAUTH_CLIENTS: json.pipe(z.array(oauthClientSchema)).optional(),
  GOOGLE_SIM_CONSENT: json.pipe(consentSchema).optional(),
  EXIT_WITH_PARENT: flag,
});

const mailboxEnvSchema = z.object({ PORT: port, SMTP_PORT: port, EXIT_WITH_PARENT: flag });

type Env = Record<string, string | undefined>;

/** Settings of `twilio-main.ts`. Throws an Error of one line that names the wrong variable. */
export function readTwilioConfig(env: Env = process.env) {
  const values = parseEnv(twilioEnvSchema, env);
  return {
    exitWithParent: values.EXIT_WITH_PARENT === "true",
    simulator: {
      port: values.PORT,
      accounts: values.TWILIO_SIM_ACCOUNTS,
      ...(values.TWILIO_SIM_WEBHOOK_URL === undefined ? {} : { webhookUrl: values.TWILIO_SIM_WEBHOOK_URL }),
      ...(values.TWILIO_SIM_FALLBACK_URL === undefined ? {} : { fallbackUrl: values.TWILIO_SIM_FALLBACK_URL }),
      ...(values.LEDGER_FILE === undefined ? {} : { ledgerFile: values.LEDGER_FILE }),
    },
  };
}

/** Settings of `google-main.ts`. Throws an Error of one line that names the wrong variable. */
export function readGoogleConfig(env: Env = process.env) {
  const values = parseEnv(googleEnvSchema, env);
  return {
    exitWithParent: values.EXIT_WITH_PARENT === "true",
    simulator: {
      port: values.PORT,
      ...(values.GOOGLE_SIM_CALENDARS === undefined ? {} : { calendars: values.GOOGLE_SIM_CALENDARS }),
      ...(values.GOOGLE_SIM_OAUTH_CLIENTS === undefined ? {} : { oauthClients: values.GOOGLE_SIM_OAUTH_CLIENTS }),
      ...(values.GOOGLE_SIM_CONSENT === undefined ? {} : { consent: values.GOOGLE_SIM_CONSENT }),
    },
  };
}

/** Settings of `mailbox-main.ts`. Throws an Error of one line that names the wrong variable. */
export function readMailboxConfig(env: Env = process.env) {
  const values = parseEnv(mailboxEnvSchema, env);
  return {
    exitWithParent: values.EXIT_WITH_PARENT === "true",
    mailbox: { port: values.PORT, smtpPort: values.SMTP_PORT },
  };
}

function parseEnv<Schema extends z.ZodType>(schema: Schema, env: Env): z.output<Schema> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
}
