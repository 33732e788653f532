// SPDX-License-Identifier: GPL-3.0-or-later
// The timeline: rows of canvases that share one time axis, and a cursor above them.
'use strict';

const waveform = new Int8Array(bytesOf(data.waveform).buffer);  // least, greatest, by frame
const spectrogram = {...data.spectrogram, values: bytesOf(data.spectrogram.values)};
const rows = ['overview', 'ruler', 'waveform', 'spectrogram'];

const colours = new Map();  // By name, for one drawing.

function colourOf(name) {
  if (!colours.has(name)) {
    const style = getComputedStyle(document.documentElement);
    colours.set(name, style.getPropertyValue(name).trim());
  }
  return colours.get(name);
}

/** Paper is light. */
const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches &&
    !document.documentElement.classList.contains('printing');

/** A canvas at the screen's resolution, cleared; sizes in CSS pixels. */
function prepare(canvas) {
  const onPaper = document.documentElement.classList.contains('printing');
  const ratio = Math.max(onPaper ? 2 : 1, window.devicePixelRatio || 1);
  const {clientWidth: width, clientHeight: height} = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return {pen, width, height};
}

const xOf = (time_s, width) => (time_s - state.view.start_s) / state.view.span_s * width;

function drawBeats(pen, width, height) {
  const wide = width * 60 / state.view.span_s / 120 > 4;  // Beats apart enough to be seen.
  let free = -Infinity;  // Counted from the beginning, so that the lines stay while the view moves.
  for (const beat of data.beats) {
    const x = xOf(beat.time_s, width);
    if (beat.number !== 1 ? !wide : x < free) continue;
    if (beat.number === 1) free = x + 4;
    if (x < -1 || x > width + 1) continue;
    pen.fillStyle = colourOf(beat.number === 1 ? '--bar-line' : '--grid');
    pen.fillRect(Math.round(x), 0, 1, height);
  }
}

function drawWave(canvas, start_s, span_s) {
  const {pen, width, height} = prepare(canvas);
  if (canvas.id === 'waveform') drawBeats(pen, width, height);
  pen.fillStyle = colourOf('--wave');
  const nFrames = waveform.length / 2;
  for (let x = 0; x < width; ++x) {
    const first = Math.floor((start_s + x / width * span_s) / data.hop_s);
    const last = Math.max(first, Math.ceil((start_s + (x + 1) / width * span_s) / data.hop_s) - 1);
    let least = 0, greatest = 0;
    for (let k = Math.max(0, first); k <= Math.min(last, nFrames - 1); ++k) {
      least = Math.min(least, waveform[2 * k]);
      greatest = Math.max(greatest, waveform[2 * k + 1]);
    }
    const top = height / 2 * (1 - greatest / 127);
    pen.fillRect(x, top, 1, Math.max(1, height / 2 * (1 - least / 127) - top));
  }
}

function drawOverview() {
  const canvas = element('overview');
  drawWave(canvas, 0, data.duration_s);
  const {clientWidth: width, clientHeight: height} = canvas;
  const pen = canvas.getContext('2d');
  const x = state.view.start_s / data.duration_s * width;
  const span = Math.max(3, state.view.span_s / data.duration_s * width);
  pen.fillStyle = colourOf('--accent');
  pen.globalAlpha = 0.15;
  pen.fillRect(x, 0, span, height);
  pen.globalAlpha = 1;
  pen.strokeStyle = colourOf('--accent');
  pen.strokeRect(x + 0.5, 0.5, Math.max(2, span - 1), height - 1);
}

function drawRuler() {
  const {pen, width, height} = prepare(element('ruler'));
  drawBeats(pen, width, height);
  pen.font = '12px system-ui, sans-serif';
  pen.textBaseline = 'middle';
  pen.fillStyle = colourOf('--soft');
  let free = -Infinity;
  data.bars.forEach((bar) => {
    const x = xOf(bar.start_s, width);
    if (x < free || x > width || x < -20 || !bar.label) return;
    pen.fillText(bar.label, x + 4, height / 2);
    free = x + pen.measureText(bar.label).width + 14;
  });
}

/** From back to ink over blue and orange: readable on light and dark, and in grey. */
function spectrogramColours() {
  const stops = isDark() ?
      [[20, 22, 26], [38, 60, 110], [150, 70, 120], [240, 150, 90], [255, 245, 220]] :
      [[255, 255, 255], [190, 212, 235], [110, 130, 190], [110, 50, 100], [30, 10, 25]];
  return Array.from({length: 256}, (_, value) => {
    const place = value / 255 * (stops.length - 1);
    const index = Math.min(stops.length - 2, Math.floor(place));
    return stops[index].map((from, c) => from + (stops[index + 1][c] - from) * (place - index));
  });
}

function drawSpectrogram() {
  const {pen, width, height} = prepare(element('spectrogram'));
  const {n_bands, n_frames, hop_s, values} = spectrogram;
  const first = Math.max(0, Math.floor(state.view.start_s / hop_s));
  const last = Math.min(n_frames, Math.ceil((state.view.start_s + state.view.span_s) / hop_s) + 1);
  // At most one column a pixel: of several frames the loudest.
  const step = Math.max(1, Math.floor((last - first) / width));
  const nColumns = Math.max(1, Math.floor((last - first) / step));
  const image = new ImageData(nColumns, n_bands);
  const scale = spectrogramColours();
  for (let x = 0; x < nColumns; ++x) {
    for (let band = 0; band < n_bands; ++band) {
      let value = 0;
      for (let k = 0; k < step; ++k) {
        value = Math.max(value, values[(first + x * step + k) * n_bands + band]);
      }
      image.data.set([...scale[value], 255], 4 * ((n_bands - 1 - band) * nColumns + x));
    }
  }
  const small = document.createElement('canvas');
  small.width = nColumns;
  small.height = n_bands;
  small.getContext('2d').putImageData(image, 0, 0);
  const left = xOf(first * hop_s, width);
  pen.drawImage(small, left, 0, xOf((first + nColumns * step) * hop_s, width) - left, height);
}

function drawCurve(drum, pen, width, height) {
  const yOf = (value) => height - 3 - value * (height - 8);
  // At most one point a pixel: of several frames the highest.
  const step = Math.max(1, Math.floor(state.view.span_s / data.hop_s / width));
  // Counted from the beginning, so that the points stay while the view moves.
  const first = Math.floor(Math.max(0, state.view.start_s / data.hop_s) / step) * step;
  const last = Math.min(data.n_frames - 1,
                        Math.ceil((state.view.start_s + state.view.span_s) / data.hop_s));
  pen.beginPath();
  pen.moveTo(xOf(first * data.hop_s, width), yOf(0));
  for (let k = first; k <= last; k += step) {
    let value = drum.curve[k];
    for (let i = k + 1; i < Math.min(k + step, data.n_frames); ++i) {
      value = Math.max(value, drum.curve[i]);
    }
    pen.lineTo(xOf(k * data.hop_s, width), yOf(value));
  }
  pen.lineTo(xOf(last * data.hop_s, width), yOf(0));
  pen.globalAlpha = 0.3;
  pen.fill();
  pen.globalAlpha = 1;
  pen.stroke();
  if (!data.hits_given) drawThreshold(pen, width, yOf(drum.picking.threshold));
  return yOf;
}

function drawThreshold(pen, width, y) {
  pen.setLineDash([4, 4]);
  pen.beginPath();
  pen.moveTo(0, y);
  pen.lineTo(width, y);
  pen.globalAlpha = 0.7;
  pen.stroke();
  pen.globalAlpha = 1;
  pen.setLineDash([]);
}

/** At the height of their confidence. Louder hits are larger, doubtful ones hollow, removed ones crossed. */
function drawHit(hit, pen, x, y) {
  const radius = 2.5 + 3 * hit.velocity / 127;
  pen.beginPath();
  if (isRemoved(hit)) {
    pen.strokeStyle = colourOf('--removed');
    pen.moveTo(x - 4, y - 4);
    pen.lineTo(x + 4, y + 4);
    pen.moveTo(x + 4, y - 4);
    pen.lineTo(x - 4, y + 4);
    pen.stroke();
  } else {
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.fillStyle = isDoubtful(hit) ? colourOf('--panel') : pen.strokeStyle;
    pen.fill();
    pen.stroke();
  }
  if (keyOf(hit) !== state.selectedKey) return;
  pen.beginPath();
  pen.arc(x, y, radius + 4, 0, 2 * Math.PI);
  pen.lineWidth = 2.5;
  pen.strokeStyle = colourOf('--accent');
  pen.stroke();
  pen.lineWidth = 1.5;
}

function drawLane(drum) {
  const {pen, width, height} = prepare(drum.canvas);
  drawBeats(pen, width, height);
  pen.lineWidth = 1.5;
  pen.fillStyle = pen.strokeStyle = colourOf('--' + drum.colour);
  const yOf = drawCurve(drum, pen, width, height);
  for (const hit of state.hits) {
    if (hit.drum !== drum) continue;
    const x = xOf(hit.time_s, width);
    if (x < -8 || x > width + 8) continue;
    pen.strokeStyle = colourOf('--' + drum.colour);
    drawHit(hit, pen, x, Math.max(9, yOf(hit.confidence)));
  }
}

const stale = {lanes: new Set(), rows: false};

/** Draws once before the next frame, however often it is asked for. */
function drawLanes(drums) {
  if (stale.lanes.size === 0) requestAnimationFrame(drawStale);
  for (const drum of drums) stale.lanes.add(drum);
}

function drawTimeline() {
  stale.rows = true;
  drawLanes(state.drums);
}

function drawStale() {
  const {lanes, rows} = stale;
  Object.assign(stale, {lanes: new Set(), rows: false});
  colours.clear();
  if (rows) {
    drawOverview();
    drawRuler();
    drawWave(element('waveform'), state.view.start_s, state.view.span_s);
    drawSpectrogram();
    placeCursor();
  }
  lanes.forEach(drawLane);
}

/** Light for the paper; browsers print what is drawn when this returns. */
function drawForPaper(printing) {
  document.documentElement.classList.toggle('printing', printing);
  drawTimeline();
  drawStale();
}

function placeCursor() {
  const {offsetLeft: left, clientWidth: width} = element('waveform');
  const now = element('audio').currentTime;
  const x = xOf(now, width);
  const cursor = element('cursor');
  cursor.hidden = x < 0 || x > width;
  cursor.style.transform = `translateX(${left + x}px)`;
  const part = Math.min(1, now / data.duration_s);
  element('overview-cursor').style.transform = `translateX(${left + part * width}px)`;
}
