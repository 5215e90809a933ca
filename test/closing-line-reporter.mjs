import { appendFileSync } from "node:fs";

/**
 * Prints a run's last line, `N passed, N failed`, or, where COUNTS_FILE is set, appends `{ passed, failed }` to that file for
 * whoever adds several runs up. A suite that could not run counts as one failure.
 */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const file = process.env.COUNTS_FILE;
    if (file) appendFileSync(file, `${JSON.stringify({ passed, failed })}\n`);
    else process.on("exit", () => console.log(`${passed} passed, ${failed} failed`));
  }
}
