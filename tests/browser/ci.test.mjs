// The workflows that `heartnet init --ci` writes, and our own: GitHub's own parser and GitLab's published schema take
// them, every part of others is fixed to a commit, and what must hold of each holds.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { register } from "node:module";
import { join } from "node:path";
import Ajv from "ajv";
// GitLab's own schema travels with this tool; nothing else of it is used.
import { schema as gitlab } from "gitlab-ci-local/src/schema/schema.js";
import { parse as toml } from "smol-toml";
import { parse as yaml } from "yaml";

// The parser imports its schema as JSON without saying so, which only bundlers take.
register("data:text/javascript," + encodeURIComponent(`
  import { readFile } from "node:fs/promises";
  export async function load(url, context, next) {
    if (!url.endsWith(".json")) return next(url, context);
    return { format: "module", shortCircuit: true, source: "export default " + (await readFile(new URL(url), "utf8")) };
  }`));
const { NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");

const root = new URL("../../", import.meta.url).pathname;
const read = async (path) => (await readFile(join(root, path), "utf8")).replaceAll("@VERSION@", "0.1.0");
const WORKFLOWS = [
  "src/cli/ci/github/dot-github/workflows/site.yml",
  "src/cli/ci/hook/dot-github/workflows/heartnet.yml",
  "src/cli/ci/forgejo/dot-forgejo/workflows/site.yml",
  ".github/workflows/release.yml",
];

const errors = (name, content) => parseWorkflow({ name, content }, new NoOperationTraceWriter()).context.errors.getErrors();

for (const path of WORKFLOWS) {
  test(`${path} is a sound workflow`, async () => {
    const text = await read(path);
    assert.deepEqual(errors(path, text).map(({ message }) => message), []);
    const workflow = yaml(text);
    assert.deepEqual(workflow.permissions, { contents: "read" });
    assert.equal(workflow.concurrency["cancel-in-progress"], false);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      assert.ok(job["timeout-minutes"], `${name} may run for ever`);
      for (const step of job.steps) {
        // A version beside the number of the commit; Forgejo's own are named by version, and say so.
        if (step.uses && !path.includes("forgejo")) assert.match(step.uses, /^[\w/-]+@[0-9a-f]{40}$/);
        // What visitors of the repository may write never gets into a script.
        assert.doesNotMatch(step.run ?? "", /\$\{\{\s*(github\.event|github\.head_ref|secrets|vars)/, step.run);
      }
    }
    if (!path.startsWith(".github")) {
      assert.deepEqual(workflow.on.schedule, [{ cron: "0 20 * * *" }]);
      assert.ok("pull_request" in workflow.on && !("pull_request_target" in workflow.on));
      const secret = Object.entries(workflow.jobs).filter(([, job]) => JSON.stringify(job).includes("secrets."));
      for (const [name, job] of secret) {
        const guards = [job.if, ...job.steps.filter((step) => JSON.stringify(step).includes("secrets.")).map((step) => step.if)];
        assert.ok(guards.some((guard) => guard?.includes("github.event_name != 'pull_request'")), `${name} gives secrets to pull requests`);
      }
    }
  });
}

test("the parser sees faults", () => {
  assert.ok(errors("a.yml", "on: push\njobs:\n  a:\n    runs_on: x\n    steps: []\n").length > 0);
  assert.ok(errors("a.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ nothing.here }}\n").length > 0);
});

test("GitLab's schema takes .gitlab-ci.yml, and not a broken one", async () => {
  const fits = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(gitlab);
  const text = await read("src/cli/ci/gitlab/dot-gitlab-ci.yml");
  const file = yaml(text);
  assert.ok(fits(file), JSON.stringify(fits.errors, null, 1));
  assert.ok(!fits(yaml(text.replace("timeout: 1 hour", "timeout: [1]"))) && !fits(yaml(text.replace("  script:", "  scripts:"))));
  assert.equal(file.check.artifacts.reports.codequality, "gl-code-quality-report.json");
  for (const name of ["pages", "deploy"]) {
    assert.equal(file[name].interruptible, false);
    assert.equal(file[name].resource_group, "site");
    assert.match(file[name].rules[0].if, /\$CI_COMMIT_BRANCH == \$CI_DEFAULT_BRANCH/);
  }
});

test("the files of Netlify and Cloudflare say what to run and what to publish", async () => {
  const netlify = toml(await read("src/cli/ci/netlify/netlify.toml"));
  assert.equal(netlify.build.publish, "public");
  assert.match(netlify.build.command, /heartnet\.sh check && .*heartnet\.sh build/);
  assert.equal(netlify.build.environment.HEARTNET_VERSION, "0.1.0");
  const cloudflare = toml(await read("src/cli/ci/cloudflare/wrangler.toml"));
  assert.equal(cloudflare.pages_build_output_dir, "public");
  assert.match(cloudflare.compatibility_date, /^\d{4}-\d\d-\d\d$/);
});
