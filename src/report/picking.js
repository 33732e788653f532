// SPDX-License-Identifier: GPL-3.0-or-later
// Hits from activations: src/onsets/pick_onsets.cpp again, operation by operation, so that a
// threshold moved here gives what `fyr decode --threshold` gives. The formula stands in
// include/fyr/onsets.hpp.
'use strict';

/** One drum's activations, zero outside the recording. */
class Curve {
  constructor(values) {
    this.values = values;
    this.sums = new Float64Array(values.length + 1);
    for (let k = 0; k < values.length; ++k) this.sums[k + 1] = this.sums[k] + values[k];
  }

  at(frame) {
    return frame < 0 || frame >= this.values.length ? 0 : this.values[frame];
  }

  mean(first, last) {
    const clamp = (frame) => Math.min(Math.max(frame, 0), this.values.length);
    return (this.sums[clamp(last + 1)] - this.sums[clamp(first)]) / (last - first + 1);
  }

  isPeak(frame, before, after) {
    const value = this.at(frame);
    for (let k = frame - before; k < frame; ++k) if (this.at(k) >= value) return false;
    for (let k = frame + 1; k <= frame + after; ++k) if (this.at(k) > value) return false;
    return value > 0;
  }

  vertex(frame) {
    const left = this.at(frame - 1), right = this.at(frame + 1);
    const curvature = left - 2 * this.at(frame) + right;
    if (curvature >= 0) return 0;
    return Math.min(Math.max(0.5 * (left - right) / curvature, -0.5), 0.5);
  }
}

/** Peaks whose height above the moving mean is at least `least`. */
function findPeaks(curve, picking, hop_s, least) {
  const frames = (seconds) => Math.round(seconds / hop_s);
  const preMax = frames(picking.pre_max_s), postMax = frames(picking.post_max_s);
  const preMean = frames(picking.pre_mean_s), postMean = frames(picking.post_mean_s);
  const peaks = [];
  for (let frame = 0; frame < curve.values.length; ++frame) {
    const confidence = curve.at(frame) - curve.mean(frame - preMean, frame + postMean);
    if (confidence <= 0 || confidence < least) continue;
    if (!curve.isPeak(frame, preMax, postMax)) continue;
    peaks.push({frame, time_s: (frame + curve.vertex(frame)) * hop_s, confidence});
  }
  return peaks;
}

/** Takes the highest first; drops what lies within gap_s of one already taken. */
function keepApart(peaks, gap_s) {
  const ordered = [...peaks].sort((a, b) => b.confidence - a.confidence || a.frame - b.frame);
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

/** The hits of one drum before other drums have their say. */
function pickDrum(drum, hop_s, offset_s) {
  const picking = drum.picking;
  const peaks = findPeaks(drum.curve, picking, hop_s, picking.threshold);
  if (!peaks.some((peak) => peak.confidence >= picking.presence)) return [];
  return keepApart(peaks, picking.gap_s).map((peak) => ({
    drum,
    frame: peak.frame,
    time_s: Math.max(0, peak.time_s + offset_s),
    velocity: drum.velocities[peak.frame],
    confidence: peak.confidence,
  }));
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

/** All hits by time, then drum. */
function pickHits(drums, hop_s, offset_s) {
  const hits = drums.flatMap((drum) => pickDrum(drum, hop_s, offset_s));
  hits.sort((a, b) => a.time_s - b.time_s || a.drum.order - b.drum.order);
  return oneSoundAtATime(hits);
}
