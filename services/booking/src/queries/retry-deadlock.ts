import { isDeadlock } from "./constraint.ts";

const maxTries = 3;

/**
 * Runs a transaction again where the database ended it because it and another waited for each other: two customers who
 * each give a slot back for the other's, a late CONFIRM that meets a claim. `transaction` does nothing but talk to the
 * database.
 */
export async function retryDeadlock<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await transaction();
    } catch (error) {
      if (!isDeadlock(error) || tries === maxTries) throw error;
    }
  }
}
