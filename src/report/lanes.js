// SPDX-License-Identifier: GPL-3.0-or-later
// A lane for each drum: its name, its threshold and its canvas.
'use strict';

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
    const hits = count === 1 ? 'a hit' : `${count} hits`;
    drum.canvas.setAttribute('aria-label', `${drum.name}: ${hits}`);
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
