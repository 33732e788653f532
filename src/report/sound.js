// SPDX-License-Identifier: GPL-3.0-or-later
// Playing: the recording by the audio element, which keeps the pitch when slowed down, and the hits
// by samples of a drum kit, scheduled on the clock of what is audible.
'use strict';

const kAhead_s = 0.3;
const kTick_ms = 50;

const sound = {context: null, gain: null, samples: new Map(), sources: new Set(), until_s: 0};

/** Browsers allow sound only after a click or a key, so this waits for the first. */
function openSound() {
  if (sound.context) return sound.context.resume();
  sound.context = new AudioContext();
  sound.gain = sound.context.createGain();
  sound.gain.gain.value = Number(element('hits-volume').value);
  sound.gain.connect(sound.context.destination);
  for (const drum of state.drums) {
    sound.context.decodeAudioData(bytesOf(data.kit[drum.id]).buffer)
        .then((sample) => sound.samples.set(drum, sample));
  }
  return sound.context.resume();
}

/** The context's time of what leaves the loudspeaker now. */
function audibleNow() {
  const stamp = sound.context.getOutputTimestamp?.();
  if (!stamp?.performanceTime) {
    return sound.context.currentTime - (sound.context.outputLatency || 0);
  }
  return stamp.contextTime + (performance.now() - stamp.performanceTime) / 1000;
}

function playHit(hit, when) {
  const sample = sound.samples.get(hit.drum);
  if (!sample) return;
  const source = sound.context.createBufferSource();
  const gain = sound.context.createGain();
  gain.gain.value = (hit.velocity / 127) ** 2;
  source.buffer = sample;
  source.connect(gain).connect(sound.gain);
  source.start(Math.max(0, when));
  source.onended = () => sound.sources.delete(source);
  sound.sources.add(source);
}

function schedule() {
  const audio = element('audio');
  if (audio.paused || audio.seeking || !sound.context) return;
  const now = audio.currentTime;
  const zero = audibleNow() - now / audio.playbackRate;
  const end = now + kAhead_s * audio.playbackRate;
  for (const hit of state.hits) {
    if (hit.time_s < sound.until_s || hit.time_s >= end) continue;
    if (!hit.drum.muted && !isRemoved(hit)) playHit(hit, zero + hit.time_s / audio.playbackRate);
  }
  sound.until_s = Math.max(sound.until_s, end);
}

/** What was scheduled no longer holds: the player stopped, jumped or changed its speed. */
function scheduleAfresh() {
  for (const source of sound.sources) source.stop();
  sound.sources.clear();
  sound.until_s = element('audio').currentTime;
}

function seek(time_s) {
  element('audio').currentTime = Math.min(Math.max(time_s, 0), data.duration_s);
  showTime();
}

function togglePlay() {
  const audio = element('audio');
  if (!audio.paused) return audio.pause();
  if (audio.ended || audio.currentTime > data.duration_s - 0.05) audio.currentTime = 0;
  openSound();
  audio.play().catch((error) => {
    if (error.name !== 'AbortError') showUnplayable();  // That is a pause at once.
  });
}

function showUnplayable() {
  setText('error', 'This browser cannot play the recording in this page.');
}

function showTime() {
  const audio = element('audio');
  setText('clock', `${formatTime(audio.currentTime)} / ${formatTime(data.duration_s)}`);
  placeCursor();
  showPlaceInScore(audio.currentTime);
}

let nextRun = 0;

/** While it plays, the cursor runs; near the edge the view turns the page. */
function run() {
  cancelAnimationFrame(nextRun);  // A pause shorter than a frame leaves the last one asked for.
  const audio = element('audio');
  showTime();
  const {start_s, span_s} = state.view;
  const beyond = audio.currentTime - (start_s + 0.92 * span_s);
  if (beyond > 0 && beyond < 0.2 * span_s) setView(audio.currentTime - 0.08 * span_s, span_s);
  if (!audio.paused) nextRun = requestAnimationFrame(run);
}

/** The beat (or with number 1 the bar) before or after `time_s`; seconds where there are none. */
function beatFrom(time_s, direction, bars) {
  const beats = data.beats.filter((beat) => !bars || beat.number === 1);
  if (direction > 0) {
    return (beats.find((beat) => beat.time_s > time_s + 0.02) || {time_s: time_s + 1}).time_s;
  }
  return (beats.findLast((beat) => beat.time_s < time_s - 0.02) || {time_s: time_s - 1}).time_s;
}

function prepareSound() {
  const audio = element('audio');
  audio.src = URL.createObjectURL(new Blob([bytesOf(data.audio.bytes)], {type: data.audio.type}));
  audio.volume = Number(element('recording-volume').value);
  element('play').addEventListener('click', togglePlay);
  element('speed').addEventListener('change', () => {
    audio.playbackRate = Number(element('speed').value);
    element('speed').blur();  // Else the keys would go on choosing speeds.
  });
  element('recording-volume').addEventListener('input', (event) => {
    audio.volume = Number(event.target.value);
  });
  element('hits-volume').addEventListener('input', (event) => {
    if (sound.gain) sound.gain.gain.value = Number(event.target.value);
  });
  audio.addEventListener('play', () => {
    element('play').textContent = 'Pause';
    bringIntoView(audio.currentTime);
    scheduleAfresh();
    run();
  });
  audio.addEventListener('pause', () => {
    element('play').textContent = 'Play';
    scheduleAfresh();
  });
  for (const event of ['seeking', 'seeked', 'ratechange']) {
    audio.addEventListener(event, () => { scheduleAfresh(); showTime(); });
  }
  audio.addEventListener('error', showUnplayable);
  setInterval(schedule, kTick_ms);
}
