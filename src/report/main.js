// SPDX-License-Identifier: GPL-3.0-or-later
// The keyboard, the buttons, and putting the parts together.
'use strict';

function toggleHelp() {
  element('help').hidden = !element('help').hidden;
  element('help-button').setAttribute('aria-expanded', !element('help').hidden);
}

/** To the beat, or with Shift the bar, before or after the playing position. */
function step(direction, event) {
  seek(beatFrom(element('audio').currentTime, direction, event.shiftKey));
  bringIntoView(element('audio').currentTime);
}

const keys = {
  ' ': togglePlay,
  'ArrowLeft': (event) => step(-1, event),
  'ArrowRight': (event) => step(1, event),
  '+': () => zoomAtCursor(0.5),
  '=': () => zoomAtCursor(0.5),
  '-': () => zoomAtCursor(2),
  'n': () => stepDoubtful(1),
  'p': () => stepDoubtful(-1),
  'x': toggleRemoved,
  'Delete': toggleRemoved,
  'm': () => state.selectedDrum && toggleMute(state.selectedDrum),
  'r': () => state.selectedDrum && resetThreshold(state.selectedDrum),
  'Escape': () => selectHit(null),
  'd': download,
  '?': toggleHelp,
};

/** What a key that is held down may go on doing; the others would undo or repeat themselves. */
const heldKeys = new Set(['ArrowLeft', 'ArrowRight', '+', '=', '-', 'n', 'p']);

/** Sliders, lists and number fields keep their own keys, buttons space. No download by a slip. */
function isTaken(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return true;
  const {tagName, type} = event.target;
  if (tagName === 'BUTTON') return event.key === ' ';
  if (tagName === 'SELECT') return true;
  return tagName === 'INPUT' &&
      (type === 'number' || event.key.startsWith('Arrow') || event.key.toLowerCase() === 'd');
}

function listenToKeys() {
  document.addEventListener('keydown', (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!keys[key] || isTaken(event)) return;
    event.preventDefault();
    if (!event.repeat || heldKeys.has(key)) keys[key](event);
  });
}

function listenToButtons() {
  element('zoom-in').addEventListener('click', () => zoomAtCursor(0.5));
  element('zoom-out').addEventListener('click', () => zoomAtCursor(2));
  element('help-button').addEventListener('click', toggleHelp);
  element('previous').addEventListener('click', () => stepDoubtful(-1));
  element('next').addEventListener('click', () => stepDoubtful(1));
  element('remove').addEventListener('click', toggleRemoved);
  element('download').addEventListener('click', download);
  element('reset').addEventListener('click', resetAll);
  element('margin').addEventListener('input', (event) => {
    state.margin = Math.min(1, Math.max(0, Number(event.target.value) || 0));
    showDoubtful();
    drawTimeline();
  });
  listenToOverview();
  for (const id of rows.slice(1)) listenTo(element(id), null);
  for (const drum of state.drums) listenTo(drum.canvas, drum);
}

function start() {
  element('title').textContent = data.title;
  element('about').textContent = data.about;
  element('given').hidden = !data.hits_given;
  document.body.classList.toggle('hits-given', data.hits_given);
  restore();
  state.drums.forEach(addLane);
  prepareSound();
  prepareScore();
  listenToButtons();
  listenToKeys();
  addEventListener('resize', drawTimeline);
  addEventListener('resize', keepEdgesFree);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawTimeline);
  addEventListener('beforeprint', () => drawForPaper(true));
  addEventListener('afterprint', () => drawForPaper(false));
  new ResizeObserver(keepEdgesFree).observe(element('bar'));
  pickAgain();
  showCommand();
  drawTimeline();
  showTime();
}

start();
