import { RUNTIME_VERSION as VERSION } from '@plan-lint/runtime/contract';

/** What `init` writes. The workflows are also those of `docs/ci.md`; a test runs their steps. */

export const STARTER: Readonly<Record<string, string>> = {
  'policies/base.yaml': `# yaml-language-server: $schema=schema/policy.schema.json
# What holds for every plan. Teams extend this file and can only tighten it.
name: base
max_steps: 20
deny_tokens_regex: ["AKIA[0-9A-Z]{16}", "-----BEGIN [A-Z ]*PRIVATE KEY-----"]
rules:
  - rule: prevent_sql_injection
    severity: critical
    description: A query must not carry an injected clause
    pattern:
      tool: db.*
      operation: matches
      value: "'; DROP TABLE|1=1|--"
`,
  'policies/team-finance.yaml': `# yaml-language-server: $schema=schema/policy.schema.json
extends: [base.yaml]
name: finance
allow_tools: [db.query, payments.transfer, notify.*]
bounds: { payments.transfer.amount: [0.01, 10000] }
`,
  'policy-tests/finance.yaml': `# yaml-language-server: $schema=../policies/schema/policy-test.schema.json
tests:
  - name: transfers within the limit
    entry: finance
    cases:
      - name: at the limit
        step: { tool: payments.transfer, args: { amount: 10000 } }
        expect: { status: pass, violations: [] }
      - name: above it
        step: { tool: payments.transfer, args: { amount: 10000.01 } }
        expect: { status: deny, violations: ['bounds["payments.transfer.amount"]'] }

  - name: injected clauses
    entry: finance
    step: { tool: db.query, args: { sql: "SELECT name FROM people WHERE 1=1" } }
    expect: { status: deny, violations: [{ rule: prevent_sql_injection, step: s1 }] }
`,
  'agent/plans/transfer.json': `{
  "goal": "pay an invoice and tell whoever asked",
  "steps": [
    { "id": "pay", "tool": "payments.transfer", "args": { "amount": 120.5 } },
    { "id": "tell", "tool": "notify.user", "args": { "text": "paid: \${pay.result.id}" }, "depends_on": ["pay"] }
  ]
}
`,
};

export const GITHUB_WORKFLOW = `name: Agent plans

on:
  push: { branches: [main] }
  pull_request:

permissions:
  contents: read

env:
  # Tarballs of \`npm pack\`, in this repository or at an address of yours: nobody else can put another program there.
  PLAN_LINT: vendor/plan-lint-runtime-${VERSION}.tgz vendor/plan-lint-${VERSION}.tgz

jobs:
  policies:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 20 }
      - name: Install
        run: |
          npm install --no-save --prefix "$RUNNER_TEMP/plan-lint" $PLAN_LINT
          echo "$RUNNER_TEMP/plan-lint/node_modules/.bin" >> "$GITHUB_PATH"
      - name: Lint policies
        run: plan-lint lint --policy-dir policies/ --format github
      - name: Test policies
        run: |
          plan-lint test-policies --policy-dir policies/ --test-dir policy-tests/ \\
            --coverage --junit policy-tests.xml
      - name: Validate plans
        run: |
          plan-lint validate-batch --plans-dir agent/plans/ --policy-dir policies/ --fail-on high \\
            --output validation-report.json --output validation-report.html --output validation-report.sarif
      - name: Bundle policies
        run: |
          plan-lint bundle --policy-dir policies/ --test-dir policy-tests/ --output policy-bundle.tar.gz
      - name: Keep the reports
        if: always()
        uses: actions/upload-artifact@v4
        with:
          name: plan-lint
          path: |
            validation-report.*
            policy-tests.xml
            policy-bundle.tar.gz
`;

export const GITLAB_PIPELINE = `stages: [lint, test, build]

variables:
  # Tarballs of \`npm pack\`, in this repository or at an address of yours: nobody else can put another program there.
  PLAN_LINT: vendor/plan-lint-runtime-${VERSION}.tgz vendor/plan-lint-${VERSION}.tgz

default:
  image: node:20
  before_script:
    - npm install --no-save --prefix /tmp/plan-lint $PLAN_LINT
    - export PATH="/tmp/plan-lint/node_modules/.bin:$PATH"

policy-lint:
  stage: lint
  script:
    - plan-lint lint --policy-dir policies/

policy-test:
  stage: test
  script:
    - plan-lint test-policies --policy-dir policies/ --test-dir policy-tests/ --junit policy-tests.xml
  artifacts:
    when: always
    reports: { junit: policy-tests.xml }

plan-validation:
  stage: test
  parallel: 2
  script:
    - plan-lint validate-batch --plans-dir agent/plans/ --policy-dir policies/ --fail-on high
      --shard $CI_NODE_INDEX/$CI_NODE_TOTAL --output report-$CI_NODE_INDEX.json
  artifacts:
    when: always
    paths: [report-*.json]

plan-report:
  stage: build
  # Also, and above all, where plans fail.
  when: always
  script:
    - plan-lint report merge report-*.json --fail-on high --output report.html --output report.xml
  artifacts:
    when: always
    paths: [report.html]
    reports: { junit: report.xml }

policy-bundle:
  stage: build
  script:
    - plan-lint bundle --policy-dir policies/ --test-dir policy-tests/ --output policy-bundle.tar.gz
  artifacts:
    paths: [policy-bundle.tar.gz]
`;
