#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the model from nothing: builds fyr, makes the accompaniments, renders songs while it trains
# on them, exports, fits thresholds and writes a model card. Stopped or killed, the same command goes
# on where it was. models/README.md says what is needed.
set -eu

root=$(dirname "$0")/../..
here=$root/models/training

usage() {
    cat <<'EOF'
usage: models/training/retrain.sh --data FOLDER [--work FOLDER] [--minutes N] [--workers N]
                                  [--output FILE] [--card FILE] [--id NAME] [-- OPTIONS OF train.py]

  --data     holds kits/ (one-shots) and groove/ (Groove MIDI dataset); where it also holds mdb/,
             e-gmd-v1.0.0/ or IDMT-SMT-DRUMS-V2/, the result is measured on them
  --work     everything that is made on the way (default build/training of the repository, about 27 GB)
  --minutes  of training (default 480)
  --workers  processes that render songs (default: one less than processors, at least one)
  --output   the model (default WORK/drums.safetensors)
  --card     Markdown file whose figures are replaced (default: WORK/card.md, written anew)
  --id       its name (default: the name that WORK has already, else drums- and today's date)

Decoded one-shots are kept in $XDG_CACHE_HOME/fyr or ~/.cache/fyr, about 0.7 GB.
EOF
}

fail() { # MESSAGE [EXIT CODE]
    echo "retrain: $1" >&2
    exit "${2:-1}"
}

data='' work=$root/build/training minutes=480 output='' card='' id=''
workers=$(($(nproc) - 1))
[ "$workers" -ge 1 ] || workers=1

while [ $# -gt 0 ]; do
    case $1 in
        --) shift; break ;;
        -h | --help) usage; exit 0 ;;
        --data | --work | --minutes | --workers | --output | --card | --id)
            [ $# -ge 2 ] || fail "$1 needs a value" 2 ;;
    esac
    case $1 in
        --data) data=$2 ;;
        --work) work=$2 ;;
        --minutes) minutes=$2 ;;
        --workers) workers=$2 ;;
        --output) output=$2 ;;
        --card) card=$2 ;;
        --id) id=$2 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift 2
done
for needed in kits/index.tsv kits/kits.json groove/info.csv; do
    [ -e "$data/$needed" ] || fail "--data \"$data\" holds no $needed" 2
done
case $workers in
    '' | 0 | *[!0-9]*) fail "--workers $workers: not a whole number above 0" 2 ;;
esac
# Training takes long: where the model cannot go is told before.
[ -z "$output" ] || { [ -d "$(dirname "$output")" ] && [ ! -d "$output" ]; } ||
    fail "--output $output: not a file in a folder that is there" 2
[ -z "$card" ] || [ -e "$card" ] || fail "--card $card: no such file; without --card one is written" 2

mkdir -p "$work"
work=$(cd "$work" && pwd)
# Children have the lock too: nobody else begins while one of them still writes.
exec 9>"$work/lock"
flock --wait 2 9 || fail "$work is being trained in by another retrain.sh" 2

[ -n "$id" ] || ! [ -e "$work/id" ] || id=$(cat "$work/id")
[ -n "$id" ] || id=drums-$(date +%Y-%m-%d)
echo "$id" >"$work/id"
[ -n "$output" ] || output=$work/drums.safetensors

python=${PYTHON:-python3}
fyr=$work/build/fyr
machine="$(nproc) CPU cores"
! command -v nvidia-smi >/dev/null || machine="$machine, $(nvidia-smi --query-gpu=name --format=csv,noheader | head -1)"
# One thread a process: the processes share the processors.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

# Every program runs in the background, so that signals are heeded at once, and is told to end when
# this shell ends, however that happens.
children='' started=''
start() { # COMMAND...: begins it; $started is its process
    setpriv --pdeathsig TERM "$@" &
    started=$!
    children="$children $started"
}

finish() { # PROCESS: waits for its end; its exit code
    ended=0
    wait "$1" || ended=$?
    remaining=''
    for child in $children; do
        [ "$child" = "$1" ] || remaining="$remaining $child"
    done
    children=$remaining
    return $ended
}

run() { # COMMAND...
    start "$@"
    finish "$started"
}

stop() { # PROCESS...
    for child in "$@"; do kill "$child" 2>/dev/null || true; done
    for child in "$@"; do finish "$child" || true; done
}

trap 'stop $children' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

step() { # NAME COMMAND...: runs it and notes the seconds it took
    name=$1; shift
    began=$(date +%s)
    echo "retrain: $name" >&2
    "$@"
    took=$(($(date +%s) - began))
    [ "$took" -lt 3 ] || printf '%s\t%s\t%s\n' "$name" "$took" "$machine" >>"$work/times.tsv"
}

songs() { # start|run OPTIONS...: renders songs
    how=$1; shift
    "$how" "$python" "$here/make_data.py" --kits "$data/kits" --groove "$data/groove" --fyr "$fyr" \
        --settings "$here/features.json" --accompaniment "$work/accompaniment" "$@"
}

training() { # start|run PROGRAM OPTIONS...: a program that takes the options of train.py
    # The songs that are there when it begins give the drums' weights and the inputs' means.
    how=$1 program=$2; shift 2
    "$how" "$python" "$here/$program" --pool "$work/train" --bands "$work/bands" \
        --validation "$work/validation" --out "$work/run" --minutes "$minutes" --resume \
        --min-items 200 \
        --front 16 16:2 32:2 --units 128 128 --dropout 0.1 --batch 32 --rare-share 0.3 \
        --rare-weight 0.2 --positive-weight 1.3 --beat-weight 0.5 "$@"
}

build() {
    run cmake -S "$root" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DFYR_BUILD_TESTS=OFF
    run ninja -C "$work/build" fyr
}

accompany() {
    mkdir -p "$work/accompaniment"
    for kind in band notes voice noise stem recording; do
        [ ! -e "$work/accompaniment/$kind.made" ] || continue
        run "$python" "$here/make_accompaniment.py" --out "$work/accompaniment" \
            --packages "$work/packages" --kinds "$kind"
        touch "$work/accompaniment/$kind.made"
    done
}

learn() {
    renderers=''
    # Seeds of the other steps are below 100: of one seed come the same songs.
    for seed in $(seq "$workers"); do
        songs start --pool "$work/train" --seed "$((100 + seed))" --continuous --max-items 2400 \
            2>"$work/songs-$seed.log"
        renderers="$renderers $started"
    done
    training start train.py "$@"
    learning=$started
    while kill -0 "$learning" 2>/dev/null; do
        seed=0
        for renderer in $renderers; do
            seed=$((seed + 1))
            kill -0 "$renderer" 2>/dev/null ||
                fail "process $seed that renders songs ended, see $work/songs-$seed.log"
        done
        run sleep 1
        [ -z "$learning_hits" ] || kill -0 "$learning_hits" 2>/dev/null || wait_for_hits
    done
    finish "$learning"
    stop $renderers
}

wait_for_hits() {
    [ -n "$learning_hits" ] || return 0
    finish "$learning_hits" || fail "the hits network failed, see $work/hits.log"
    learning_hits=''
}

fit() {
    # The output, which may hold another model, is replaced when this one is whole.
    model=$output.part
    run "$python" "$here/export.py" "$work/run/best.pt" -o "$model" --model-id "$id" --half
    run "$python" "$here/train_hits.py" --groove "$data/groove" --model "$model" -o "$model" \
        --checkpoint "$work/hits.ckpt"
    for fitted in thresholds context thresholds pooling; do
        set -- --songs "$work/validation"
        [ "$fitted" != context ] ||
            set -- --songs "$work/context" --known-kits "$work/context_known_kits"
        run "$python" "$here/$fitted.py" "$model" --fyr "$fyr" "$@"
    done
    mv "$model" "$output"
}

describe() {
    if [ -z "$card" ]; then
        card=$work/card.md
        rm -f "$card"
    fi
    set -- --kits "$data/kits" --model "$output" --card "$card"
    [ ! -e "$work/times.tsv" ] || set -- "$@" --times "$work/times.tsv"
    if [ -e "$work/run/loss.png" ]; then
        cp "$work/run/loss.png" "${card%.md}.png"
        set -- "$@" --losses "${card%.md}.png"
    fi
    run "$python" "$here/card_tables.py" "$@"
    if [ -e "$data/mdb" ] || [ -e "$data/e-gmd-v1.0.0" ] || [ -e "$data/IDMT-SMT-DRUMS-V2" ]; then
        export FYR_DATA="$data"
        run "$python" "$here/accuracy_table.py" --fyr "$fyr" --model "$output" --card "$card"
    fi
}

training run train_options.py "$@" # Wrong ones are told now, not in an hour.
step "build fyr" build
# The hits network needs no songs, so it learns beside all that follows.
start "$python" "$here/train_hits.py" --groove "$data/groove" --checkpoint "$work/hits.ckpt" \
    >>"$work/hits.log" 2>&1
learning_hits=$started
step "accompaniments" accompany
step "bands alone" songs run --pool "$work/bands" --seed 31 --bands --count 400
step "validation songs" songs run --split validation --pool "$work/validation" --seed 99 \
    --count 660 --keep-audio
step "songs of the context" songs run --split validation --performances train \
    --pool "$work/context" --seed 71 --count 1600 --keep-audio --begin-inside
step "songs of the context on kits that train" songs run --pool "$work/context_known_kits" \
    --seed 73 --count 900 --keep-audio
step "training, songs rendered meanwhile" learn "$@"
step "rest of the hits network's training, begun after the build" wait_for_hits
step "export and thresholds" fit
describe
echo "retrain: $output, its figures are in $card" >&2
