// SPDX-License-Identifier: GPL-3.0-or-later
// The page's state, and how its parts hear of changes: everything is derived from
// `state.drums[].picking`, `state.removed` and the view. Drawing is in draw.js, sound in sound.js.
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
    peaks: data.peaks[index].map(([time_s, confidence, velocity]) => ({
      time_s, confidence, velocity, frame: frameAt(time_s),
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

// A hit keeps its key while thresholds move, as its time does not.
const keyOf = (hit) => hit.drum.id + '@' + hit.time_s;
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

// --- Picking ---------------------------------------------------------------------------------

function pickAgain() {
  state.hits = data.hits_given ? allHits(state.drums) : pickHits(state.drums);
  showCounts();
  showDoubtful();
  showSelected();
}

/** Picks the drum's hits otherwise, which may change those of its instrument. */
function setPicking(drum, picking) {
  drum.picking = picking;
  pickAgain();
  drawLanes(state.drums.filter((other) => other.instrument === drum.instrument));
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

// --- Lanes -----------------------------------------------------------------------------------

function addLane(drum) {
  const lane = document.createElement('div');
  lane.className = 'row lane';
  lane.style.setProperty('--colour', `var(--${drum.colour})`);
  lane.innerHTML = `
    <div class="controls">
      <span class="name"></span>
      <input type="range" max="1" class="picking">
      <output class="picking" aria-live="off"></output>
      <button aria-pressed="false">M</button>
    </div>
    <canvas></canvas>`;
  drum.lane = lane;
  drum.slider = lane.querySelector('input');
  drum.canvas = lane.querySelector('canvas');
  drum.canvas.setAttribute('role', 'img');
  drum.slider.setAttribute('aria-label', drum.name + ' threshold');
  drum.slider.title = drum.name + ': a hit must rise this far; lower finds more';
  drum.slider.dataset.drum = drum.id;
  // Finer only where the model goes below what people would try.
  const least = Math.min(0.03, drum.suggested.threshold);
  drum.slider.min = least;
  drum.slider.step = least < 0.03 ? 0.001 : 0.01;
  drum.slider.addEventListener('input', () => {
    setThreshold(drum, Number(drum.slider.value));
    showThreshold(drum);
  });
  lane.querySelector('.controls').addEventListener('pointerdown', () => selectDrum(drum));
  drum.slider.addEventListener('focus', () => selectDrum(drum));
  drum.slider.addEventListener('dblclick', () => resetThreshold(drum));
  const mute = lane.querySelector('button');
  mute.title = 'Mute ' + drum.name;
  mute.setAttribute('aria-label', 'Mute ' + drum.name);
  mute.addEventListener('click', () => toggleMute(drum));
  element('lanes').append(lane);
  showThreshold(drum);
}

function showThreshold(drum) {
  drum.slider.value = drum.picking.threshold;
  const output = drum.lane.querySelector('output');
  output.textContent = formatThreshold(drum.picking.threshold);
  output.classList.toggle('changed', isChanged(drum));
  output.title = !isChanged(drum) ? '' : 'Set by hand: every hit reaches it alone. The model also ' +
      'leaves out drums without a clear hit and takes hats whose kind is in doubt; R or a ' +
      'double-click on the slider goes back to it';
}

function showCounts() {
  const counts = new Map(state.drums.map((drum) => [drum, 0]));
  for (const hit of playedHits()) counts.set(hit.drum, counts.get(hit.drum) + 1);
  for (const [drum, count] of counts) {
    drum.lane.dataset.count = count;
    const name = drum.lane.querySelector('.name');
    name.textContent = drum.name + ' ';
    const small = document.createElement('span');
    small.className = 'count';
    small.textContent = count;
    name.append(small);
    drum.canvas.setAttribute('aria-label', `${drum.name}: ${count} hits`);
  }
}

function toggleMute(drum) {
  drum.muted = !drum.muted;
  drum.lane.classList.toggle('muted', drum.muted);
  drum.lane.querySelector('button').setAttribute('aria-pressed', drum.muted);
}

function selectDrum(drum) {
  for (const other of state.drums) other.lane.classList.toggle('selected', other === drum);
  state.selectedDrum = drum;
}

// --- One hit ---------------------------------------------------------------------------------

const selectedHit = () => state.hits.find((hit) => keyOf(hit) === state.selectedKey);

function selectHit(hit, seeks) {
  state.selectedKey = hit ? keyOf(hit) : '';
  showSelected();
  drawTimeline();
  if (!hit) return;
  selectDrum(hit.drum);
  if (seeks) {
    seek(Math.max(0, hit.time_s - 0.02));
    bringIntoView(hit.time_s);
    hit.drum.lane.scrollIntoView({block: 'nearest'});
  }
}

function showSelected() {
  const hit = selectedHit();
  element('selection').classList.toggle('active', Boolean(hit));
  keepEdgesFree();
  element('remove').disabled = !hit;
  element('remove').textContent = hit && isRemoved(hit) ? 'Take back' : 'Remove';
  setText('selected', hit ?
      `${hit.drum.name} at ${formatTime(hit.time_s, 3)}, velocity ${hit.velocity}, confidence ` +
      `${hit.confidence.toFixed(2)} (threshold ${formatThreshold(hit.drum.picking.threshold)})` +
      (isRemoved(hit) ? ', removed' : '') :
      'None. Click a hit, or step through the doubtful ones.');
  for (const button of element('doubtful').querySelectorAll('button')) {
    const current = button.dataset.key === state.selectedKey;
    button.setAttribute('aria-current', current);
    if (current) showInList(button);
  }
}

/** What sticks to the window's edges must not hide what is scrolled to or focused. */
function keepEdgesFree() {
  const {style} = document.documentElement;
  const selection = element('selection');
  style.scrollPaddingTop = element('bar').offsetHeight + 8 + 'px';
  style.scrollPaddingBottom =
      (selection.classList.contains('active') ? selection.offsetHeight : 0) + 8 + 'px';
}

/** Scrolls the list alone, not the page. */
function showInList(button) {
  const list = element('doubtful');
  const top = button.offsetTop - list.offsetTop;
  if (top < list.scrollTop || top + button.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 2;
  }
}

function toggleRemoved() {
  const hit = selectedHit();
  if (!hit) return;
  if (!state.removed.delete(keyOf(hit))) state.removed.add(keyOf(hit));
  showCounts();
  showDoubtful();
  showSelected();
  drawLanes([hit.drum]);
  keep();
}

function showDoubtful() {
  const doubtful = state.hits.filter(isDoubtful);
  element('n-doubtful').textContent = `${doubtful.length} of ${state.hits.length}`;
  const list = element('doubtful');
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : '';
  list.replaceChildren(...doubtful.map((hit) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.dataset.key = keyOf(hit);
    for (const text of [formatTime(hit.time_s, 2), hit.drum.name, hit.confidence.toFixed(2)]) {
      const cell = document.createElement('span');
      cell.textContent = text;
      button.append(cell);
    }
    button.classList.toggle('removed', isRemoved(hit));
    button.addEventListener('click', () => selectHit(hit, true));
    item.append(button);
    return item;
  }));
  if (!focused) return;
  [...list.querySelectorAll('button')].find((button) => button.dataset.key === focused)
      ?.focus({preventScroll: true});
}

/** The next doubtful hit after the selected one or the cursor; direction -1: before. */
function stepDoubtful(direction) {
  const doubtful = state.hits.filter(isDoubtful);
  if (doubtful.length === 0) return;
  const index = doubtful.findIndex((hit) => keyOf(hit) === state.selectedKey);
  let next;
  if (index >= 0) {
    next = (index + direction + doubtful.length) % doubtful.length;
  } else {
    next = doubtful.findIndex((hit) => hit.time_s >= element('audio').currentTime);
    if (direction < 0) --next;
    next = (next + doubtful.length) % doubtful.length;
  }
  selectHit(doubtful[next], true);
}

// --- Results ---------------------------------------------------------------------------------

const hitsFile = data.stem + '.hits.csv';  // The browser says in which folder.

function csvText() {
  const lines = playedHits().map((hit) =>
      `${hit.time_s.toFixed(4)},${hit.drum.id},${hit.velocity},${hit.confidence.toFixed(4)}\n`);
  return 'time_s,drum,velocity,confidence\n' + lines.join('');
}

const quoted = (name) => /^[\w.,/-]+$/.test(name) ? name : "'" + name.replaceAll("'", "'\\''") + "'";

/** A name that begins with a dash would be an option. */
const named = (name) => quoted(name.startsWith('-') ? './' + name : name);

function showCommand() {
  const words = ['fyr transcribe', named(data.recording), '--hits', named(hitsFile),
                 ...data.options.map(quoted), '-o', named(data.stem + '.mscx')];
  // Words of their own: browsers would break lines after the dashes.
  element('command').replaceChildren(...words.flatMap((word, i) => {
    const span = document.createElement('span');
    span.textContent = word;
    return i === 0 ? [span] : [' ', span];
  }));
}

function download() {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([csvText()], {type: 'text/csv'}));
  link.download = hitsFile;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function resetAll() {
  const n = state.removed.size;
  const hits = n === 1 ? 'a removed hit' : `${n} removed hits`;
  if (n > 0 && !confirm(`Take back ${hits} and all thresholds?`)) return;
  state.removed.clear();
  for (const drum of state.drums) {
    drum.picking = {...drum.suggested};
    showThreshold(drum);
  }
  element('restored').hidden = true;
  pickAgain();
  drawTimeline();
  keep();
}

// --- Kept in the browser until the next visit ------------------------------------------------

/** The same for the same data only (FNV-1a). */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; ++i) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16);
}

const keptAs = `fyr ${data.title} ${hashOf(dataText)}`;

/** Browsers may forbid keeping things, or have no room: the page works without. */
function keep() {
  const changed = state.drums.filter(isChanged);
  try {
    if (state.removed.size === 0 && changed.length === 0) return localStorage.removeItem(keptAs);
    localStorage.setItem(keptAs, JSON.stringify({
      removed: [...state.removed],
      thresholds: changed.map((drum) => [drum.id, drum.picking.threshold]),
    }));
  } catch {}
}

function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(keptAs));
    if (!kept) return;
    state.removed = new Set(kept.removed);
    const thresholds = new Map(kept.thresholds);
    for (const drum of state.drums.filter(({id}) => thresholds.has(id))) {
      drum.picking = byThreshold(drum, thresholds.get(drum.id));
    }
    element('restored').hidden = false;
  } catch {}
}
