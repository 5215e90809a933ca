export { attemptIdOf, deterministicUuid } from "./deterministic-uuid.ts";
export { enqueue } from "./enqueue.ts";
export { expectedMigrations } from "./expected-migrations.ts";
export { defineJob, type JobDefinition } from "./job-definition.ts";
export { type JobWorker, jobHandlers, startJobWorker } from "./job-worker.ts";
export { migrate } from "./migrate.ts";
export { createPool, type Queryable } from "./pool.ts";
export { createSecretBox, type SecretBox } from "./secret-box.ts";
export { afterCommit, withTenant, withTransaction } from "./tenant-transaction.ts";
