/** Prints the run's last line, `N passed, N failed`. A suite that could not run counts as one failure. */
export default class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    process.on("exit", () => console.log(`${results.numPassedTests} passed, ${failed} failed`));
  }
}
