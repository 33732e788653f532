#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Transcribes every recording below a folder into a mirrored folder, links followed, what is hidden
# passed over. What is already there is left alone, so that an interrupted run goes on where it
# stopped; a recording that fails is named at the end and does not stop the others.
#
#   scripts/transcribe_folder.sh ALBUMS SCORES [ENDING [FYR-OPTIONS...]]
#   scripts/transcribe_folder.sh ~/Music ~/Scores mscx --threshold snare=0.25
#
# FYR names the program (default: fyr on the PATH, else build/release/fyr).
set -eu
if [ $# -lt 2 ]; then
  sed -n '3,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
input=${1%/}
case $input in -*) input=./$input ;; esac  # Else find would take it for an option.
output=${2%/}
case $output in -*) output=./$output ;; esac
ending=${3:-mscx}
shift 2
[ $# -gt 0 ] && shift
here=$(dirname "$0")
fyr=${FYR:-$(command -v fyr || echo "$here/../build/release/fyr")}
[ -d "$input" ] || { echo "transcribe_folder: no folder \"$input\"" >&2; exit 3; }

list=$(mktemp)
stems=$(mktemp)
failed=$(mktemp)
tidy() {
  rm -f "$list" "$stems" "$failed"
}
trap tidy EXIT
# Ending by the signal itself, as fyr does, ends a loop around the script too.
end_by() {
  tidy
  trap - EXIT "$1"
  kill -s "$1" $$
  exit "$2"  # The first process of a container does not end by a signal.
}
trap 'end_by HUP 129' HUP
trap 'end_by INT 130' INT
trap 'end_by TERM 143' TERM
recordings() {
  find -L "$input" -mindepth 1 -name '.*' -prune -o -type f \( -iname '*.wav' \
    -o -iname '*.flac' -o -iname '*.ogg' -o -iname '*.mp3' \
    -o -iname '*.aif' -o -iname '*.aiff' -o -iname '*.aifc' -o -iname '*.opus' -o -iname '*.oga' \
    -o -iname '*.caf' -o -iname '*.au' -o -iname '*.w64' -o -iname '*.rf64' \) "$@" -print
}
broken="*
*"
recordings ! -path "$broken" | LC_ALL=C sort >"$list"
[ -z "$(recordings -path "$broken")" ] || echo "names that hold line breaks" >>"$failed"
find -L "$input" -type d \( ! -readable -o ! -executable \) 2>/dev/null >>"$failed" || true
total=$(wc -l <"$list")
if [ "$total" -eq 0 ]; then
  echo "transcribe_folder: no recording below \"$input\"; name a folder with WAV, FLAC, Ogg, MP3 …" >&2
  exit 3
fi
# Wrong usage is wrong for all: told once, before anything is made.
code=0
told=$("$fyr" transcribe --dry-run -q "$(head -n 1 "$list")" -o "$list.$ending" "$@" \
  2>&1 >/dev/null </dev/null) || code=$?
if [ "$code" -eq 2 ]; then
  printf '%s\n' "$told" >&2
  exit 2
fi
# song.wav beside song.flac is another recording: both keep their own ending.
LC_ALL=C awk '{ name[NR] = stem[NR] = $0; sub(/\.[^.\/]*$/, "", stem[NR]) }
  END {
    do {
      changed = 0
      split("", times)
      for (i = 1; i <= NR; i++) times[stem[i]]++
      for (i = 1; i <= NR; i++) {
        if (times[stem[i]] > 1 && stem[i] != name[i]) { stem[i] = name[i]; changed = 1 }
      }
    } while (changed)
    for (i = 1; i <= NR; i++) print stem[i]
  }' "$list" >"$stems"
n=0
while IFS= read -r recording && IFS= read -r stem <&3; do
  n=$((n + 1))
  relative=${recording#"$input"/}
  score="$output/${stem#"$input"/}.$ending"
  if [ -e "$score" ]; then
    echo "$n/$total kept $score" >&2
    continue
  fi
  mkdir -p "$(dirname "$score")"
  echo "$n/$total $relative" >&2
  "$fyr" transcribe -q "$recording" -o "$score" "$@" </dev/null || echo "$recording" >>"$failed"
done <"$list" 3<"$stems"
if [ -s "$failed" ]; then
  echo "transcribe_folder: failed:" >&2
  sed 's/^/  /' "$failed" >&2
  exit 1
fi
