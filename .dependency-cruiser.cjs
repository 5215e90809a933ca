/** The import rules of docs/architecture.md. */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "services-never-import-each-other",
      severity: "error",
      from: { path: "^services/([^/]+)/" },
      to: { path: "^services/", pathNot: "^services/$1/" },
    },
    {
      name: "packages-never-import-services",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^(services|launcher|cli|test)/" },
    },
    {
      name: "domain-is-pure",
      comment: "domain/ imports neither pg nor gRPC, nor what wraps them",
      severity: "error",
      from: { path: "^services/[^/]+/src/domain/", pathNot: "\\.test\\.ts$" },
      to: {
        path: [
          "^packages/(postgres|proto|service|events|flow-trace)/",
          "^services/[^/]+/src/(queries|rpc|adapters|jobs|routes)/",
          "node_modules/(pg|nice-grpc[^/]*|@grpc/[^/]*|graphile-worker)/",
          "^node:(fs|net|http|https|child_process)$",
        ],
      },
    },
    {
      name: "simulators-stay-outside",
      severity: "error",
      from: { path: "^services/", pathNot: "(\\.test\\.ts$|/src/test/)" },
      to: { path: "^packages/(simulators|testing|local-postgres)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "src/gen/" },
    tsPreCompilationDeps: true,
    parser: "swc",
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
