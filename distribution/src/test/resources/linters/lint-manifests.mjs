// Checks Kubernetes manifests: node lint-manifests.mjs FILE…. Prints a line for each finding: a value that the schema of
// its kind does not allow, or a violation of the restricted pod security standard, of common practices or of YAML.
import { readFileSync } from "node:fs";
import { createDefaultMonokleValidator } from "@monokle/validation";
import { parseAllDocuments } from "yaml";

const plugins = { "yaml-syntax": true, "pod-security-standards": true, practices: true };
const manifests = process.argv.slice(2).flatMap((file) =>
  parseAllDocuments(readFileSync(file, "utf8")).map((document) => ({ file, text: String(document), content: document.toJS() })),
);

for (const { file, content } of manifests) {
  const models = content.apiVersion.startsWith("monitoring.")
    ? "@kubernetes-models/prometheus-operator"
    : "kubernetes-models";
  const { [content.kind]: Model } = await import(`${models}/${content.apiVersion}`);
  try {
    new Model(content).validate();
  } catch (error) {
    console.log(`${file}: ${content.kind}: ${error.message}`);
  }
}

const validator = createDefaultMonokleValidator();
await validator.preload({ plugins });
const rules = Object.keys(plugins).flatMap((plugin) => validator.rules[plugin].map((rule) => `${plugin}/${rule.name}`));
await validator.preload({ plugins, rules: Object.fromEntries(rules.map((rule) => [rule, "err"])) });
const report = await validator.validate({
  resources: manifests.map(({ file, text, content }) => ({
    id: `${file}#${content.kind}`,
    fileId: file,
    filePath: file,
    fileOffset: 0,
    name: content.metadata.name,
    namespace: content.metadata.namespace,
    apiVersion: content.apiVersion,
    kind: content.kind,
    text,
    content,
  })),
});
for (const result of report.runs.flatMap((run) => run.results)) {
  console.log(`${result.ruleId}: ${result.message.text}`);
}
