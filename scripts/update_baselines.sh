#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Measures the shipped model and rewrites tests/regression/*.json.
# Commit them together with the change that moved them, and say there why they moved.
#
#   FYR_DATA=/path/to/recordings scripts/update_baselines.sh [build/release/fyr]
set -eu
cd "$(dirname "$0")/.."
fyr=${1:-build/release/fyr}
: "${FYR_DATA:?set FYR_DATA to the folder with mdb, IDMT-SMT-DRUMS-V2 and e-gmd-v1.0.0}"

measure() {
  name=$1
  shift
  echo "measuring $name" >&2
  "$fyr" evaluate "$@" --model models/drums.safetensors --partial --window 50,20 --json \
    >"tests/regression/$name.json.new"
  mv "tests/regression/$name.json.new" "tests/regression/$name.json"
}

trap 'rm -f tests/regression/*.json.new' EXIT
for part in drum_only full_mix approx_mix; do
  measure "mdb_$part" --dataset mdb --part "$part" --vocabulary 3,5,13
done
measure idmt --dataset idmt --vocabulary 3
measure egmd --dataset egmd --vocabulary 3,5,13
git --no-pager diff --stat -- tests/regression >&2
