/** One jest run over everything; `npm test` prints the closing line from its reporter. */
export default {
  rootDir: ".",
  testMatch: ["<rootDir>/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  modulePathIgnorePatterns: ["<rootDir>/.bookproof/"],
  testEnvironment: "node",
  globalSetup: "<rootDir>/packages/testing/src/jest-global-setup.mjs",
  globalTeardown: "<rootDir>/packages/testing/src/jest-global-teardown.mjs",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2024" }, module: { type: "es6" } },
    ],
  },
  reporters: ["default", "<rootDir>/test/closing-line-reporter.mjs"],
  testTimeout: 30_000,
};
