#!/bin/sh
# policy-backup.sh: one backup of the policies, and of what else is named; the last ten good ones stay.
#   BACKUP_DIR=/mnt/backups/plan-lint POLICY_DIR=/etc/planlint/policies policy-backup.sh [flags of `plan-lint backup`]
# What comes after it, such as a copy to remote storage, sees the file in latest-backup.json:
#   aws s3 cp "$(jq -r .file "$BACKUP_DIR/latest-backup.json")" s3://company-backups/plan-lint/
set -eu
BACKUP_DIR="${BACKUP_DIR:-/mnt/backups/plan-lint}"
POLICY_DIR="${POLICY_DIR:-/etc/planlint/policies}"
exec plan-lint backup --policy-dir "$POLICY_DIR" --backup-dir "$BACKUP_DIR" "$@"
