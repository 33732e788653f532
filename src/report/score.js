// SPDX-License-Identifier: GPL-3.0-or-later
// The score: its cursor, and the bars as places to play from.
'use strict';

const barBoxes = new Map();  // by index into data.bars
let shownBar = null;
const scoreCursor = document.createElementNS('http://www.w3.org/2000/svg', 'line');

const edgesOf = ({x, width}) => [x.baseVal.value, x.baseVal.value + width.baseVal.value];

/** Where the bar's notes stand, [part of its time, x]; evenly spread where nobody knows. */
function placesOf(box) {
  if (!box.dataset.places) return edgesOf(box).map((x, part) => [part, x]);
  const numbers = box.dataset.places.split(' ').map(Number);
  const places = [];
  for (let i = 0; i < numbers.length; i += 2) places.push([numbers[i] / 100, numbers[i + 1]]);
  return places;
}

/** From one column of `places` to the other, on straight lines between them, held at the ends. */
function along(places, value, from, to) {
  const next = places.findIndex((place) => place[from] > value);
  if (next === 0) return places[0][to];
  if (next < 0) return places.at(-1)[to];
  const [before, after] = [places[next - 1], places[next]];
  return before[to] +
      (value - before[from]) / (after[from] - before[from]) * (after[to] - before[to]);
}

/** Takes away the paper below the music of MuseScore's last page, and the number at its foot. */
function cutPaper() {
  const page = element('pages').lastElementChild;
  page.querySelector('.Page')?.remove();
  const paper = page.viewBox.baseVal;
  const music = page.getBBox();
  paper.height = Math.min(paper.height, music.y + music.height + 0.03 * paper.width);
}

function prepareScore() {
  cutPaper();
  scoreCursor.setAttribute('class', 'score-cursor');
  for (const box of element('pages').querySelectorAll('.bar-box')) {
    const index = Number(box.dataset.bar);
    barBoxes.set(index, box);
    box.addEventListener('click', (event) => {
      const area = box.getBoundingClientRect();
      const bar = data.bars[index];
      const [left, right] = edgesOf(box);
      const x = left + (event.clientX - area.left) / area.width * (right - left);
      seek(bar.start_s + along(placesOf(box), x, 1, 0) * (bar.end_s - bar.start_s));
      bringIntoView(bar.start_s);
    });
  }
}

/** The bar that sounds; before the first that is drawn, that one. */
function barAt(time_s) {
  const first = Math.min(...barBoxes.keys());
  if (time_s < data.bars[first]?.start_s) return first;
  return data.bars.findIndex((bar) => time_s >= bar.start_s && time_s < bar.end_s);
}

/** Keeps the bar that plays on the screen, but only if the score was on the screen already. */
function followScore(box, before) {
  const inside = (shape) => {
    const area = shape.getBoundingClientRect();
    return area.top >= stickingHeight('bar') && area.bottom <= innerHeight;
  };
  if (before && inside(before) && !inside(box)) box.scrollIntoView({block: 'center'});
}

/** Keeps the cursor in sight where the score is wider than the window. */
function followSideways() {
  const pages = element('pages');
  const width = pages.clientWidth;
  if (pages.scrollWidth <= width) return;
  const x = scoreCursor.getBoundingClientRect().left - pages.getBoundingClientRect().left;
  if (x < 0 || x > 0.9 * width) pages.scrollLeft += x - 0.2 * width;
}

function showPlaceInScore(time_s) {
  const index = barAt(time_s);
  const box = barBoxes.get(index);
  if (box !== shownBar) {
    shownBar?.classList.remove('now');
    box?.classList.add('now');
    if (box && !element('audio').paused) followScore(box, shownBar);
    shownBar = box;
  }
  if (!box) return scoreCursor.remove();
  const bar = data.bars[index];
  const part = (time_s - bar.start_s) / (bar.end_s - bar.start_s);
  const x = along(placesOf(box), part, 0, 1);
  const y = box.y.baseVal.value;
  for (const [name, value] of [['x1', x], ['x2', x], ['y1', y], ['y2', y + box.height.baseVal.value]]) {
    scoreCursor.setAttribute(name, value);
  }
  if (scoreCursor.parentNode !== box.parentNode) box.parentNode.append(scoreCursor);
  followSideways();
}
