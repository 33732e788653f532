#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the model from nothing: builds fyr, makes the accompaniments, renders songs while it trains
# on them, exports, fits thresholds and writes the model card's tables. Stopped or killed, the same
# command goes on where it was. models/README.md says what is needed.
set -eu

usage() {
    cat <<'EOF'
usage: models/training/retrain.sh --data FOLDER [--work FOLDER] [--minutes N] [--workers N]
                                  [--output FILE] [--id NAME] [-- OPTIONS OF train.py]

  --data     holds kits/ (one-shots) and groove/ (Groove MIDI dataset); where it also holds mdb/,
             e-gmd-v1.0.0/ or IDMT-SMT-DRUMS-V2/, the result is measured on them
  --work     everything that is made on the way (default build/training, about 17 GB)
  --minutes  of training (default 480)
  --workers  processes that render songs (default: one less than processors, at least one)
  --output   the model (default models/drums.safetensors)
  --id       its name (default: drums- and today's date)
EOF
}

data='' work=build/training minutes=480 output=models/drums.safetensors
workers=$(($(nproc) - 1)) id=drums-$(date +%Y-%m-%d)
[ "$workers" -ge 1 ] || workers=1
cd "$(dirname "$0")/../.."

while [ $# -gt 0 ]; do
    case $1 in
        --data) data=$2; shift 2 ;;
        --work) work=$2; shift 2 ;;
        --minutes) minutes=$2; shift 2 ;;
        --workers) workers=$2; shift 2 ;;
        --output) output=$2; shift 2 ;;
        --id) id=$2; shift 2 ;;
        --) shift; break ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done
for needed in kits/index.tsv groove/info.csv; do
    [ -e "$data/$needed" ] || { echo "retrain: --data \"$data\" holds no $needed" >&2; exit 2; }
done

python=${PYTHON:-python3}
here=models/training
fyr=$work/build/fyr
machine="$(nproc) CPU cores"
! command -v nvidia-smi >/dev/null || machine="$machine, $(nvidia-smi --query-gpu=name --format=csv,noheader | head -1)"
# One thread a process: the processes share the processors.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
mkdir -p "$work"

step() { # NAME COMMAND...: runs it and notes the seconds it took
    name=$1; shift
    began=$(date +%s)
    echo "retrain: $name" >&2
    "$@"
    took=$(($(date +%s) - began))
    [ "$took" -lt 3 ] || printf '%s\t%s\t%s\n' "$name" "$took" "$machine" >>"$work/times.tsv"
}

songs() { # OPTIONS...: becomes a process that renders songs
    exec "$python" $here/make_data.py --kits "$data/kits" --groove "$data/groove" --fyr "$fyr" \
        --settings $here/features.json --accompaniment "$work/accompaniment" "$@"
}

build() {
    cmake -S . -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DFYR_BUILD_TESTS=OFF
    cmake --build "$work/build" --target fyr
}

accompany() {
    mkdir -p "$work/accompaniment"
    for kind in band notes voice noise stem recording; do
        [ ! -e "$work/accompaniment/$kind.made" ] || continue
        "$python" $here/make_accompaniment.py --out "$work/accompaniment" \
            --packages "$work/packages" --kinds "$kind"
        touch "$work/accompaniment/$kind.made"
    done
}

learn_hits() { # becomes the process that trains the hits network, which needs no songs
    exec "$python" $here/train_hits.py --groove "$data/groove" --checkpoint "$work/hits.ckpt"
}

bands() {
    (songs --pool "$work/bands" --seed 31 --bands --count 400)
}

validation_songs() {
    (songs --split validation --pool "$work/validation" --seed 99 --count 660 --keep-audio)
}

rendering='' learning_hits=''
stop_rendering() { [ -z "$rendering" ] || kill $rendering 2>/dev/null || true; rendering=''; }
stop_all() { stop_rendering; [ -z "$learning_hits" ] || kill $learning_hits 2>/dev/null || true; }
trap stop_all EXIT
trap 'exit 130' INT TERM

learn() {
    for seed in $(seq "$workers"); do
        songs --pool "$work/train" --seed "$((10 + seed))" --continuous --max-items 2400 \
            2>"$work/songs-$seed.log" &
        rendering="$rendering $!"
    done
    "$python" $here/train.py --pool "$work/train" --bands "$work/bands" \
        --validation "$work/validation" --out "$work/run" --minutes "$minutes" --resume \
        --front 16 16:2 32:2 --units 128 128 --dropout 0.1 --batch 32 --rare-share 0.3 \
        --rare-weight 0.2 --positive-weight 1.3 --beat-weight 0.5 "$@"
    stop_rendering
}

wait_for_hits() {
    wait $learning_hits || { echo "retrain: the hits network failed, see $work/hits.log" >&2; exit 1; }
    learning_hits=''
}

fit() {
    "$python" $here/export.py "$work/run/best.pt" -o "$output" --model-id "$id" --half
    "$python" $here/train_hits.py --groove "$data/groove" --model "$output" -o "$output" \
        --checkpoint "$work/hits.ckpt"
    "$python" $here/thresholds.py "$output" --fyr "$fyr" --songs "$work/validation"
    "$python" $here/context.py "$output" --fyr "$fyr" --songs "$work/validation"
    "$python" $here/thresholds.py "$output" --fyr "$fyr" --songs "$work/validation"
    "$python" $here/pooling.py "$output" --fyr "$fyr" --songs "$work/validation"
}

step "build fyr" build
learn_hits >>"$work/hits.log" 2>&1 &
learning_hits=$!
step "accompaniments" accompany
step "bands alone" bands
step "validation songs" validation_songs
step "training, songs rendered meanwhile" learn "$@"
step "rest of the hits network's training, begun after the build" wait_for_hits
step "export and thresholds" fit
"$python" $here/card_tables.py --kits "$data/kits" --model "$output" --times "$work/times.tsv"
if [ -e "$data/mdb" ] || [ -e "$data/e-gmd-v1.0.0" ] || [ -e "$data/IDMT-SMT-DRUMS-V2" ]; then
    FYR_DATA=$data "$python" $here/accuracy_table.py --fyr "$fyr" --model "$output"
fi
echo "retrain: $output, models/README.md holds its figures" >&2
