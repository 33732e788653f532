// SPDX-License-Identifier: GPL-3.0-or-later
// What comes of the corrections: a list of hits, a command, and what the browser keeps of them until
// the next visit.
'use strict';

// Browsers say in which folder, and write _ for what some system forbids in names and for a point
// at their start.
const hitsFile = data.stem.replace(/["<>:?*|\\~\u0000-\u001f\u007f]|^\.+/g, '_') + '.hits.csv';

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
