import type { AdjustConfig } from "./services.ts";

/**
 * The product's times, shortened so that a journey with its faults takes seconds. Their order is kept: an insert and a get fit
 * twice into a deadline, a watch rings after it, a lease outlives any pause of this process.
 */
export const times = {
  attemptDeadlineMs: 2_000,
  insertMs: 500,
  getMs: 400,
  jobLeaseMs: 2_000,
  unreadAlertMs: 8_000,
  confirmAlertMs: 4_000,
  lostSlotAlertMs: 2_500,
  proofPatienceMs: 3_000,
} as const;

/** A world has one story at a time, and many worlds look for jobs in one Postgres. */
const jobsAtOnce = 2;
const { jobLeaseMs, attemptDeadlineMs, insertMs, getMs } = times;
const logLevel = process.env.FAULTS_LOG ?? "silent";

export const shortTimes: AdjustConfig = {
  gateway: (config) => ({ ...config, logLevel }),
  agent: (config) => ({
    ...config,
    logLevel,
    jobLeaseMs,
    jobsAtOnce,
    unreadAlertMs: times.unreadAlertMs,
    confirmAlertMs: times.confirmAlertMs,
    lostSlotAlertMs: times.lostSlotAlertMs,
  }),
  booking: (config) => ({
    ...config,
    logLevel,
    jobLeaseMs,
    jobsAtOnce,
    saga: { ...config.saga, attemptDeadlineMs, insertTimeoutMs: insertMs, getTimeoutMs: getMs },
    voice: { ...config.voice, verifyMs: 2_500 },
  }),
  calendar: (config) => ({
    ...config,
    logLevel,
    google: {
      ...config.google,
      times: { ...config.google.times, writeMs: insertMs, getMs, busyMs: 500 },
      // Never within a run: hundreds of worlds ask in one process, and each question of a story is to reach the vendor.
      sync: { ...config.google.sync, lookMs: 24 * 60 * 60_000 },
    },
  }),
  notifier: (config) => ({
    ...config,
    logLevel,
    jobLeaseMs,
    jobsAtOnce: { alerts: jobsAtOnce, others: jobsAtOnce },
    times: {
      ...config.times,
      textTimeoutMs: 600,
      alertTimeoutMs: 500,
      lookUpWaitMs: 50,
      proofTimeoutMs: 600,
      proofPatienceMs: times.proofPatienceMs,
      proofPollMs: 200,
      confirmBeginsMs: 3_000,
      alertRetryMs: [500, 1_000],
      connectionsRefreshMs: 3_000,
      acceptanceWaitMs: 1_500,
      ensureConfirmationMs: 2_500,
      resendDelayMs: 1_000,
      storePatienceMs: 600,
      slowDownMs: [300, 600],
      credentialRetryMs: 1_000,
      sweep: { ...config.times.sweep, everyMs: 5_000, leaveMs: 1_000, backOffMs: [1_000] },
    },
  }),
};
