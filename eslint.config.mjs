import tseslint from "typescript-eslint";

const barrel = {
  name: "@cdktf/provider-aws",
  message: "Import @cdktf/provider-aws/lib/<resource>: the barrel costs seconds and half a gigabyte per process.",
};
const noSkips = ["describe", "it", "test"].flatMap((object) => [
  { object, property: "only", message: "A committed test runs with all the others." },
  { object, property: "skip", message: "A test that cannot run says why and on what, or goes." },
]);
/** The two wings meet only at the synthesized JSON. */
const door = (wing, others, ...more) => ({
  files: [`${wing}/**/*.ts`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: [barrel],
        patterns: [
          {
            regex: `^(\\.\\./)+(${others.join("|")})(/|$)`,
            message: `${wing}/ may not import ${others.join(", ")}: the wings meet only at the synthesized JSON.`,
          },
          ...more,
        ],
      },
    ],
  },
});
const proofMayNot = ["main", "environments", "stacks", "constructs", "lambdas"];
const commandLine = {
  regex: "^\\.\\.?/(\\.\\./)*cli(/|$)",
  message: "The command line is made of what the rest of proof/ offers, which knows nothing of it.",
};
/** Lines of a file, with its comments: one concept has room in that. */
const atMost = (lines) => ({ "max-lines": ["error", { max: lines }] });

export default tseslint.config(
  { ignores: ["node_modules/**", "cdktf.out/**", ".portcullis/**", "coverage/**", "reports/**"] },
  ...tseslint.configs.recommended,
  {
    files: ["**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { paths: [barrel] }],
      "no-restricted-properties": ["error", ...noSkips],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      eqeqeq: "error",
    },
  },
  { files: ["**/*.{ts,js,mjs}"], ignores: ["test/**"], rules: atMost(250) },
  { files: ["test/**/*.{ts,js,mjs}"], rules: atMost(350) },
  door("proof", proofMayNot, commandLine),
  { ...door("proof", proofMayNot), files: ["proof/cli/**/*.ts"] },
  door("environments", ["proof", "lambdas"]),
  door("stacks", ["proof", "lambdas"]),
  door("constructs", ["proof", "lambdas", "stacks", "environments"]),
  door("lambdas", ["proof", "main", "environments", "stacks", "constructs"]),
  {
    files: ["invariants.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              regex: "^(?!\\./proof/analysis/invariants$)",
              message:
                "invariants.ts says what must hold in the words of proof/analysis/invariants, and takes nothing from the code.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.js", "**/*.cjs"],
    languageOptions: { sourceType: "commonjs" },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
