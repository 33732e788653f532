// SPDX-License-Identifier: GPL-3.0-or-later
// Moving about the timeline by mouse, wheel and finger.
'use strict';

function setView(start_s, span_s) {
  const least = Math.min(0.5, data.duration_s);
  state.view.span_s = Math.min(Math.max(span_s, least), data.duration_s);
  state.view.start_s = Math.min(Math.max(start_s, 0), data.duration_s - state.view.span_s);
  drawTimeline();
}

/** Keeps `time_s` where it is on the screen. */
function zoom(factor, time_s) {
  const {start_s, span_s} = state.view;
  const span = Math.min(Math.max(span_s * factor, Math.min(0.5, data.duration_s)), data.duration_s);
  setView(time_s - (time_s - start_s) * span / span_s, span);
}

function zoomAtCursor(factor) {
  const {start_s, span_s} = state.view;
  const now = element('audio').currentTime;
  zoom(factor, now >= start_s && now <= start_s + span_s ? now : start_s + span_s / 2);
}

function bringIntoView(time_s) {
  const {start_s, span_s} = state.view;
  if (time_s < start_s || time_s > start_s + span_s) setView(time_s - 0.3 * span_s, span_s);
}

function timeAt(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return state.view.start_s + (event.clientX - box.left) / box.width * state.view.span_s;
}

/** The drum's hit within a finger's width, or none. */
function hitNear(drum, time_s, width) {
  const reach_s = 12 / width * state.view.span_s;
  let best = null;
  for (const hit of state.hits) {
    const distance = Math.abs(hit.time_s - time_s);
    if (hit.drum === drum && distance < reach_s &&
        (!best || distance < Math.abs(best.time_s - time_s))) {
      best = hit;
    }
  }
  return best;
}

/** Click: seek or select. Drag: move the view. Two fingers or Ctrl and wheel: zoom. */
function listenTo(canvas, drum) {
  const pointers = new Map();
  let dragged = false;
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;  // A menu may open, and no pointerup come.
    pointers.set(event.pointerId, event.clientX);
    canvas.setPointerCapture(event.pointerId);
    dragged = pointers.size > 1;
    if (drum) selectDrum(drum);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!pointers.has(event.pointerId)) return;
    const before = [...pointers.values()];
    const moved = event.clientX - pointers.get(event.pointerId);
    if (!dragged && Math.abs(moved) < 5) return;
    dragged = true;
    pointers.set(event.pointerId, event.clientX);
    const after = [...pointers.values()];
    if (after.length === 1) {
      setView(state.view.start_s - moved / canvas.clientWidth * state.view.span_s, state.view.span_s);
    } else {
      const apart = (xs) => Math.max(20, Math.abs(xs[0] - xs[1]));
      zoom(apart(before) / apart(after), timeAt(canvas, {clientX: (after[0] + after[1]) / 2}));
    }
  });
  canvas.addEventListener('pointerup', (event) => {
    if (!pointers.delete(event.pointerId) || dragged) return;
    const time_s = timeAt(canvas, event);
    const hit = drum && hitNear(drum, time_s, canvas.clientWidth);
    if (hit) selectHit(hit, false); else seek(time_s);
  });
  canvas.addEventListener('lostpointercapture', (event) => pointers.delete(event.pointerId));
  canvas.addEventListener('wheel', (event) => {
    if (event.ctrlKey) {
      zoom(Math.exp(event.deltaY / 300), timeAt(canvas, event));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const by = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
      setView(state.view.start_s + by / canvas.clientWidth * state.view.span_s, state.view.span_s);
    } else {
      return;
    }
    event.preventDefault();
  }, {passive: false});
}

function listenToOverview() {
  const canvas = element('overview');
  const move = (event) => {
    const box = canvas.getBoundingClientRect();
    const time_s = (event.clientX - box.left) / box.width * data.duration_s;
    setView(time_s - state.view.span_s / 2, state.view.span_s);
    return time_s;
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    seek(move(event));
  });
  canvas.addEventListener('pointermove', (event) => { if (event.buttons & 1) move(event); });
}
