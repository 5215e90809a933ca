import { clinic, plumber, twilioToken } from "../../demo/stage.ts";
import type { Personal } from "./find-personal.ts";

/** Words that stand nowhere but where a customer of this test says them. */
export const person = {
  name: "Zaphirandra Quellworth",
  address: "4711 Vermilion Alley",
  email: "zaphirandra.quellworth@pomegranate.test",
  /** Of what is wrong, as a text and as a caller says it. */
  body: "a leak that goes xylopompous",
  said: "my budgerigar flooded the conservatory",
};
export const ownerEmail = "desk@rhododendron.test";

/** One number for each journey that fails in a way of its own. */
export const phones = {
  booked: "+15558642047",
  refusedByCalendar: "+15558642158",
  refusedByTwilio: "+15558642269",
  failedByTwilio: "+15558642371",
  cutOffByTwilio: "+15558642482",
  agentStopped: "+15558642593",
  bookingStopped: "+15558642614",
  bookingKilled: "+15558643269",
  notStored: "+15558642725",
  notStoredReply: "+15558642947",
  withoutCredentials: "+15558643158",
  misformed: "+15558642836",
  caller: "+15559753147",
  callerOfStopped: "+15559753258",
  callerNotStored: "+15559753714",
  callerInSeedDialect: "+15559753369",
  callerByEmail: "+15559753471",
  inTheJob: "+15559753582",
  inTheSandbox: "+15559753693",
};

export const secrets = {
  twilioToken,
  clinicVapi: "clinics-vapi-credential-a83f51",
  plumberVapi: "plumbers-vapi-credential-5d0e7a",
  plumberVapiHmac: "plumbers-hmac-key-77c1d9e4b2",
  refreshToken: "1//refresh-of-the-plumber-e81c04",
  oauthSecret: "GOCSPX-client-of-the-test-3b9f",
  adminToken: "bootstrap-of-the-test-9a4417c2",
  smtpPassword: "smtp-knock-knock-61f8",
  secretsKey: Buffer.from("the-key-that-seals-every-secret!").toString("base64"),
};

const of = (kind: Personal["kind"], values: Record<string, string>): Personal[] =>
  Object.entries(values).map(([what, value]) => ({ kind, what, value }));

/** What may be found nowhere: nobody's number, name, address or words, and no credential. */
export const personal: Personal[] = [
  ...of("text", { ...person, ownerEmail }),
  ...of("phone", phones),
  ...of("phone", { clinicOwner: clinic.owner, clinicVip: clinic.vip }),
  ...of("phone", { plumberOwner: plumber.owner, plumberVip: plumber.vip }),
  ...of("secret", secrets),
  // How the simulated Google's access tokens begin.
  { kind: "secret", what: "accessToken", value: "ya29.sim-" },
];
