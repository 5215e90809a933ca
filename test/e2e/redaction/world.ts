import { fileURLToPath } from "node:url";
import { startMailbox } from "@bookproof/simulators";
import { readTenantFile, resolveSecrets } from "@bookproof/tenant-file";
import { plumber } from "../../demo/stage.ts";
import { openTracedStage } from "../traced-stage.ts";
import { ownerEmail, secrets } from "./people.ts";

export type World = Awaited<ReturnType<typeof openWorld>>;

const environment: Record<string, string> = {
  DEMO_TWILIO_AUTH_TOKEN: secrets.twilioToken,
  DEMO_GOOGLE_REFRESH_TOKEN: secrets.refreshToken,
  DEMO_CLINIC_VAPI_SECRET: secrets.clinicVapi,
  DEMO_PLUMBER_VAPI_SECRET: secrets.plumberVapi,
  GOOGLE_OAUTH_CLIENT_SECRET: secrets.oauthSecret,
  BOOTSTRAP_ADMIN_TOKEN: secrets.adminToken,
  SECRETS_KEY: secrets.secretsKey,
};

/** The traced stage with everything switched on that logs or is another way in: debug lines, the sandbox, mail. */
export async function openWorld() {
  const mailbox = await startMailbox();
  const traced = await openTracedStage({
    kafka: true,
    env: {
      ...environment,
      LOG_LEVEL: "debug",
      SANDBOX: "true",
      SMTP_URL: mailbox.smtpUrl.replace("smtp://", `smtp://bookproof:${secrets.smtpPassword}@`),
    },
  }).catch(async (error: unknown) => {
    await mailbox.close();
    throw error;
  });
  return {
    ...traced,
    mailbox,
    async close() {
      await traced.close();
      await mailbox.close();
    },
  };
}

/** The plumber as `PUT /api/admin/tenants/:id` takes it, with an e-mail and an HMAC that the demo's file does not give it. */
export async function plumberWithEmail() {
  const file = await readTenantFile(fileURLToPath(new URL("../../demo/tenants.yaml", import.meta.url)));
  const tenant = resolveSecrets(file, (name) => environment[name]).find(({ id }) => id === plumber.tenantId);
  if (!tenant) throw new Error("the demo has no plumber");
  return {
    ...tenant,
    owner: { ...tenant.owner, email: ownerEmail },
    vapi: { secret: secrets.plumberVapi, hmacSecret: secrets.plumberVapiHmac, promptExtension: "" },
  };
}
