// SPDX-License-Identifier: GPL-3.0-or-later
// Hits from peaks: src/onsets/pick_onsets.cpp and drop_impossible.cpp again, operation by operation,
// so that a threshold moved here gives what `fyr decode --threshold` gives. The rules stand in
// include/fyr/onsets.hpp.
'use strict';

/** Takes the highest first; drops what lies within gap_s of one already taken. */
function keepApart(peaks, gap_s) {
  const ordered = [...peaks].sort((a, b) => b.confidence - a.confidence || a.time_s - b.time_s);
  const kept = [];  // by time
  for (const peak of ordered) {
    let next = 0, end = kept.length;
    while (next < end) {
      const middle = (next + end) >> 1;
      if (kept[middle].time_s < peak.time_s) next = middle + 1; else end = middle;
    }
    const nearNext = next < kept.length && kept[next].time_s - peak.time_s < gap_s;
    const nearPrevious = next > 0 && peak.time_s - kept[next - 1].time_s < gap_s;
    if (!nearNext && !nearPrevious) kept.splice(next, 0, peak);
  }
  return kept;
}

function isPlayed(drum) {
  const least = Math.max(drum.picking.threshold, drum.picking.presence);
  return drum.peaks.some((peak) => peak.confidence >= least);
}

/** Confidence of the highest peak within reach_s of time_s, 0 where there is none. */
function highestNear(peaks, time_s, reach_s) {
  let next = 0, end = peaks.length;
  while (next < end) {
    const middle = (next + end) >> 1;
    if (peaks[middle].time_s <= time_s - reach_s) next = middle + 1; else end = middle;
  }
  let highest = 0;
  for (; next < peaks.length && peaks[next].time_s < time_s + reach_s; ++next) {
    highest = Math.max(highest, peaks[next].confidence);
  }
  return highest;
}

/** The peak's confidence with what `others` add to it where all are weak; only the likeliest gains. */
function pooledConfidence(peak, drum, others) {
  const picking = drum.picking;
  const reach_s = Math.max(picking.alone_s, picking.gap_s);
  if (highestNear(drum.peaks, peak.time_s, reach_s) >= picking.threshold) return peak.confidence;
  const excess = peak.confidence - picking.threshold;
  let inThresholds = peak.confidence / picking.threshold;
  for (const other of others) {
    const its = highestNear(other.peaks, peak.time_s, picking.alone_s);
    if (its === 0) continue;
    const itsExcess = its - other.picking.threshold;
    if (itsExcess > excess || (itsExcess === excess && other.order > drum.order)) {
      return peak.confidence;
    }
    inThresholds += its / other.picking.threshold;
  }
  return Math.fround(Math.min(1, inThresholds * picking.threshold));
}

/** The drum's peaks that reach its threshold, alone or pooled. */
function strongPeaks(drum, drums) {
  if (!isPlayed(drum)) return [];
  const others = drum.picking.pooled ? drums.filter((other) =>
      other !== drum && other.instrument === drum.instrument && isPlayed(other)) : [];
  return drum.peaks
      .map((peak) => others.length === 0 ? peak :
          {...peak, confidence: pooledConfidence(peak, drum, others)})
      .filter((peak) => peak.confidence >= drum.picking.threshold);
}

/** The hits of one drum before other drums have their say. */
function pickDrum(drum, drums) {
  return keepApart(strongPeaks(drum, drums), drum.picking.gap_s)
      .map((peak) => ({drum, ...peak}));
}

/** Of different sounds of one instrument within alone_s keeps what most exceeds its threshold. */
function oneSoundAtATime(hits) {
  const excess = (hit) => hit.confidence - hit.drum.picking.threshold;
  const yields = (hit, other) =>
      hit.drum !== other.drum && hit.drum.instrument === other.drum.instrument &&
      Math.abs(hit.time_s - other.time_s) < hit.drum.picking.alone_s &&
      (excess(hit) < excess(other) ||
       (excess(hit) === excess(other) && hit.drum.order < other.drum.order));
  return hits.filter((hit, index) => {
    const reach_s = hit.drum.picking.alone_s;
    let first = index;
    while (first > 0 && hit.time_s - hits[first - 1].time_s < reach_s) --first;
    for (let k = first; k < hits.length && hits[k].time_s - hit.time_s < reach_s; ++k) {
      if (yields(hit, hits[k])) return false;
    }
    return true;
  });
}

const LEAST_CHANGE_S = 0.045;
const HAND_AGAIN_S = 0.040;

/** Whether the drummer can play hits[at] together with those that are taken. */
function isPossible(at, hits, taken) {
  const {drum, time_s} = hits[at];
  const alone_s = drum.picking.alone_s;
  const reach_s = Math.max(alone_s, LEAST_CHANGE_S, HAND_AGAIN_S, drum.again_s);
  let k = at;
  while (k > 0 && time_s - hits[k - 1].time_s < reach_s) --k;
  const hands_s = [];
  for (; k < hits.length && hits[k].time_s - time_s < reach_s; ++k) {
    const other = hits[k].drum;
    const distance_s = Math.abs(hits[k].time_s - time_s);
    if (k !== at && !taken[k]) continue;
    if (other.takes_a_hand) hands_s.push(hits[k].time_s);
    if (k === at) continue;
    if (other === drum) {
      if (distance_s < drum.again_s) return false;
      continue;
    }
    const oneStroke_s =
        drum.is_cymbal && other.is_cymbal ? Math.max(alone_s, HAND_AGAIN_S) : alone_s;
    if (distance_s < oneStroke_s && drum.one_stroke_with.includes(other.order)) return false;
    if (distance_s < LEAST_CHANGE_S && drum.takes_time_to.includes(other.order)) return false;
  }
  return !drum.takes_a_hand || !hands_s.some((time, i) => i > 1 && time - hands_s[i - 2] < HAND_AGAIN_S);
}

/** What a drummer can have played: takes what most exceeds its threshold first. */
function dropImpossible(hits) {
  const excess = (hit) => hit.confidence - hit.drum.picking.threshold;
  const taken = hits.map(() => false);
  const byStanding = [...hits.keys()].sort((a, b) =>
      excess(hits[b]) - excess(hits[a]) || hits[b].drum.order - hits[a].drum.order || a - b);
  for (const at of byStanding) taken[at] = isPossible(at, hits, taken);
  return hits.filter((hit, at) => taken[at]);
}

const byTimeThenDrum = (a, b) => a.time_s - b.time_s || a.drum.order - b.drum.order;

/** All hits by time, then drum. */
function pickHits(drums) {
  const hits = drums.flatMap((drum) => pickDrum(drum, drums));
  return dropImpossible(oneSoundAtATime(hits.sort(byTimeThenDrum)));
}

/** Where the peaks are hits that were given: each of them. */
function allHits(drums) {
  return drums.flatMap((drum) => drum.peaks.map((peak) => ({drum, ...peak}))).sort(byTimeThenDrum);
}
