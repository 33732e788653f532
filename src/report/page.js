// SPDX-License-Identifier: GPL-3.0-or-later
// The page's state, and how its parts hear of changes: everything is derived from
// `state.drums[].picking`, `state.removed` and the view.
'use strict';

const element = (id) => document.getElementById(id);
const dataText = element('data').textContent;
const data = JSON.parse(dataText);

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; ++i) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The curve's frame that a peak stands in. */
function frameAt(time_s) {
  const frame = Math.round((time_s - data.time_offset_s) / data.hop_s);
  return Math.min(Math.max(frame, 0), data.n_frames - 1);
}

/** Drums with their curves and peaks; `order` is the drum's place in fyr's table, not in the model. */
function readDrums() {
  const onsets = new Float32Array(bytesOf(data.onsets).buffer);
  const nFrames = data.n_frames;
  return data.drums.map((drum, index) => ({
    ...drum,
    picking: {...drum.picking},
    suggested: drum.picking,
    curve: onsets.subarray(index * nFrames, (index + 1) * nFrames),
    peaks: data.peaks[index].map(([time_s, confidence, velocity], place) => ({
      place, time_s, confidence, velocity, frame: frameAt(time_s),
    })),
    muted: false,
  }));
}

const state = {
  drums: readDrums(),
  hits: [],
  removed: new Set(),  // keys of hits that the reader took out
  selectedKey: '',
  selectedDrum: null,
  margin: 0.1,
  view: {start_s: 0, span_s: Math.min(12, data.duration_s)},
};

// A hit keeps its key while thresholds move: its place among the drum's peaks.
const keyOf = (hit) => hit.drum.id + '@' + hit.place;
const isRemoved = (hit) => state.removed.has(keyOf(hit));
const isDoubtful = (hit) => hit.confidence < hit.drum.picking.threshold + state.margin;
const playedHits = () => state.hits.filter((hit) => !isRemoved(hit));

/** Minutes and seconds; `digits` after the point, at least one. */
function formatTime(seconds, digits = 1) {
  const scale = 10 ** digits;
  const units = Math.floor(seconds * scale + 1e-6);
  const minutes = Math.floor(units / (60 * scale));
  const rest = (units - 60 * scale * minutes) / scale;
  return minutes + ':' + rest.toFixed(digits).padStart(3 + digits, '0');
}

const formatThreshold = (threshold) => threshold.toFixed(threshold < 0.1 ? 3 : 2);

/** Leaves alone what says so already: screen readers announce changes. */
function setText(id, text) {
  if (element(id).textContent !== text) element(id).textContent = text;
}

function pickAgain() {
  state.hits = data.hits_given ? allHits(state.drums) : pickHits(state.drums);
  showCounts();
  showDoubtful();
  showSelected();
}

const timesOf = (drum) =>
    state.hits.filter((hit) => hit.drum === drum).map((hit) => hit.time_s).join();

/** Picks the drum's hits otherwise, which may change those of its instrument and take or give back
 * those of other drums at the same moment. */
function setPicking(drum, picking) {
  const before = state.drums.map(timesOf);
  drum.picking = picking;
  pickAgain();
  drawLanes(state.drums.filter(
      (other, index) => other.instrument === drum.instrument || timesOf(other) !== before[index]));
  keep();
}

/** Who names a threshold wants what reaches it, all of it and only it: no gate, no pooling. */
const byThreshold = (drum, threshold) =>
    ({...drum.picking, threshold, presence: 0, pooled: false});

const setThreshold = (drum, threshold) => setPicking(drum, byThreshold(drum, threshold));

function resetThreshold(drum) {
  setPicking(drum, {...drum.suggested});
  showThreshold(drum);
}

const isChanged = (drum) =>
    drum.picking.threshold !== drum.suggested.threshold ||
    drum.picking.presence !== drum.suggested.presence ||
    drum.picking.pooled !== drum.suggested.pooled;
