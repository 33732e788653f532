#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches the public data sets that `fyr evaluate --dataset` measures on.
#
#   scripts/download_datasets.sh FOLDER mdb|idmt|egmd|groove...
#
# Run it again after an interruption: it resumes. An archive is unpacked beside its destination and
# renamed when complete, so that nothing half-unpacked is left.
#
# What can be checked: Zenodo publishes an MD5 for every file of a record and Google's storage sends
# one as a header; both are asked for at download time and compared. MDB Drums comes from GitHub,
# which publishes no checksum: only its being a readable archive is checked. None of the sums is
# pinned here, so a file replaced at its source would not be noticed.
#
# Licences: MDB Drums CC BY-NC-SA 4.0, IDMT-SMT-Drums CC BY-NC-ND 4.0, E-GMD and Groove CC BY 4.0.
set -eu

usage() {
  sed -n '3,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

die() {
  echo "download_datasets: $1" >&2
  exit 1
}

# Prints the MD5 (hexadecimal) that the source publishes for a file, or nothing.
published_md5() {
  case $1 in
    https://zenodo.org/records/*)
      record=$(echo "$1" | sed -E 's|.*/records/([0-9]+)/.*|\1|')
      curl -fsSL "https://zenodo.org/api/records/$record" | tr '{' '\n' |
        grep -F "\"key\": \"${2}\"" | sed -E 's/.*md5:([0-9a-f]{32}).*/\1/' | head -n 1
      ;;
    https://storage.googleapis.com/*)
      curl -fsSIL "$1" | tr -d '\r' | sed -n 's/^x-goog-hash: md5=//p' | base64 -d 2>/dev/null |
        od -An -v -tx1 | tr -d ' \n'
      ;;
  esac
}

# fetch URL ARCHIVE: resumes ARCHIVE.part, checks it, renames it.
fetch() {
  [ -e "$2" ] && return
  echo "fetching $1" >&2
  # A server refuses to resume what is already complete.
  curl -fL --retry 5 -C - -o "$2.part" "$1" || unzip -tqq "$2.part" >/dev/null 2>&1 ||
    die "cannot fetch $1; run again to resume"
  expected=$(published_md5 "$1" "$(basename "$1")" || true)
  if [ -n "$expected" ]; then
    actual=$(md5sum "$2.part" | cut -d ' ' -f 1)
    if [ "$actual" != "$expected" ]; then
      rm -f "$2.part"
      die "$1 has MD5 $actual, its source says $expected; removed, run again"
    fi
    echo "checked: MD5 $actual" >&2
  else
    echo "not checked: the source publishes no checksum for $1" >&2
  fi
  unzip -tqq "$2.part" >/dev/null || { rm -f "$2.part"; die "$1 is no complete zip; run again"; }
  mv "$2.part" "$2"
}

# unpack ARCHIVE INNER DESTINATION: INNER is the folder inside the archive, or . for all of it.
unpack() {
  rm -rf "$3.unpacking"
  mkdir "$3.unpacking"
  unzip -q "$1" -d "$3.unpacking" || { rm -rf "$3.unpacking"; die "cannot unpack $1"; }
  [ -d "$3.unpacking/$2" ] || { rm -rf "$3.unpacking"; die "$1 holds no folder $2"; }
  if [ "$2" = . ]; then
    mv "$3.unpacking" "$3"
  else
    mv "$3.unpacking/$2" "$3"
    rm -rf "$3.unpacking"
  fi
  rm -f "$1"
}

# get NAME URL INNER: FOLDER/NAME from the archive at URL.
get() {
  if [ -d "$folder/$1" ]; then
    echo "kept $folder/$1" >&2
    return
  fi
  fetch "$2" "$folder/$1.zip"
  unpack "$folder/$1.zip" "$3" "$folder/$1"
  echo "ready: $folder/$1" >&2
}

[ $# -ge 2 ] || usage
folder=${1%/}
shift
for name in "$@"; do
  case $name in
    mdb | idmt | egmd | groove) ;;
    *) usage ;;
  esac
done
mkdir -p "$folder"
trap 'rm -rf "$folder"/*.unpacking' EXIT
trap 'exit 130' INT TERM
for tool in curl unzip md5sum; do
  command -v "$tool" >/dev/null || die "needs $tool (apt-get install curl unzip coreutils)"
done
for name in "$@"; do
  case $name in
    mdb)
      get mdb "${FYR_MDB_URL:-https://github.com/CarlSouthall/MDBDrums/archive/refs/heads/master.zip}" \
        "MDBDrums-master/MDB Drums"
      ;;
    idmt)
      get IDMT-SMT-DRUMS-V2 \
        "${FYR_IDMT_URL:-https://zenodo.org/records/7544164/files/IDMT-SMT-DRUMS-V2.zip}" .
      ;;
    egmd)
      get e-gmd-v1.0.0 \
        "${FYR_EGMD_URL:-https://storage.googleapis.com/magentadata/datasets/e-gmd/v1.0.0/e-gmd-v1.0.0.zip}" \
        e-gmd-v1.0.0
      ;;
    groove)
      get groove \
        "${FYR_GROOVE_URL:-https://storage.googleapis.com/magentadata/datasets/groove/groove-v1.0.0-midionly.zip}" \
        groove
      ;;
  esac
done
