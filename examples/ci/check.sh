#!/bin/sh
# Lints, tests, validates and signs the policies of this directory. SIGNING_KEY and SEQUENCE come from CI.
set -eu

plan-lint lint --policy-dir policies --max-warnings 0
plan-lint test-policies --policy-dir policies --test-dir policy-tests --coverage --min-coverage 100
plan-lint validate-batch --plans-dir plans --policy-dir policies
plan-lint bundle --policy-dir policies --test-dir policy-tests --output acme.mjs --key "$SIGNING_KEY" \
  --name acme --sequence "$SEQUENCE" --audience production
echo "signed acme.mjs"
