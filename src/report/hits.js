// SPDX-License-Identifier: GPL-3.0-or-later
// One hit at a time: the selected one, and the list of doubtful ones.
'use strict';

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

/** What the element takes of the window at its edge. */
function stickingHeight(id) {
  return getComputedStyle(element(id)).position === 'sticky' ? element(id).offsetHeight : 0;
}

/** What sticks to the window's edges must not hide what is scrolled to or focused. */
function keepEdgesFree() {
  const {style} = document.documentElement;
  style.scrollPaddingTop = stickingHeight('bar') + 8 + 'px';
  style.scrollPaddingBottom = stickingHeight('selection') + 8 + 'px';
}

/** Scrolls the list alone, not the page. */
function showInList(button) {
  const list = element('doubtful');
  const top = button.offsetTop - list.offsetTop;
  if (top < list.scrollTop || top + button.offsetHeight > list.scrollTop + list.clientHeight) {
    list.scrollTop = top - list.clientHeight / 2;
  }
}

const buttonOf = (key) => [...element('doubtful').querySelectorAll('button')]
    .find((button) => button.dataset.key === key);

function toggleRemoved() {
  const hit = selectedHit();
  if (!hit) return;
  if (!state.removed.delete(keyOf(hit))) state.removed.add(keyOf(hit));
  showCounts();
  buttonOf(keyOf(hit))?.classList.toggle('removed', isRemoved(hit));  // It stays in the list.
  showSelected();
  drawLanes([hit.drum]);
  keep();
}

function showDoubtful() {
  const doubtful = state.hits.filter(isDoubtful);
  element('n-doubtful').textContent = `${doubtful.length} of ${state.hits.length}`;
  for (const id of ['previous', 'next']) element(id).disabled = doubtful.length === 0;
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
  if (focused) buttonOf(focused)?.focus({preventScroll: true});
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
    if (next < 0) next = doubtful.length;
    if (direction < 0) --next;
    next = (next + doubtful.length) % doubtful.length;
  }
  selectHit(doubtful[next], true);
}
