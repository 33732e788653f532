// SPDX-License-Identifier: GPL-3.0-or-later

/// Scoring: estimated hits against reference hits, for one recording and over many.
///
/// docs/evaluation.md defines every figure and names its source.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fyr/annotation.hpp"

namespace fyr {

// --- Scores of one recording ---------------------------------------------------------------------

/// Pairs (reference index, estimate index), in order: the largest one-to-one matching in which
/// paired times differ by at most `window`, which is in their unit; among those the one with the
/// least total difference.
///
/// Both sequences ascend. Source: the pairs of mir_eval.util.match_events (Raffel et al.,
/// "mir_eval", ISMIR 2014) are a maximum matching too; on a line an order-preserving one of the
/// same size exists, because uncrossing two pairs never widens them, so dynamic programming finds
/// it.
std::vector<std::pair<int, int>> match_times(const std::vector<double>& reference,
                                             const std::vector<double>& estimate, double window);

struct Counts {
  int tp = 0;
  int fp = 0;
  int fn = 0;

  int n_reference() const { return tp + fn; }
  int n_estimated() const { return tp + fp; }
  /// All three are empty where the division would be by zero.
  std::optional<double> precision() const;
  std::optional<double> recall() const;
  std::optional<double> f() const;

  Counts& operator+=(const Counts& other);
  bool operator==(const Counts&) const = default;
};

/// A pair of hits.
struct MatchedPair {
  double error_s = 0;  ///< Estimate minus reference.
  int reference_velocity = 0;
  int estimated_velocity = 0;
};

/// One class in one recording.
struct ClassScore {
  Counts counts;
  std::vector<MatchedPair> pairs;
  std::vector<double> missed_s;  ///< Reference times without a partner.
  std::vector<double> extra_s;   ///< Estimated times without a partner.
};

/// Beat tracking, as mir_eval.beat defines it, without its five-second trimming.
struct BeatScore {
  double f = 0;  ///< ±70 ms (Dixon, "Evaluation of the audio beat tracking system BeatRoot", 2007).
  double downbeat_f = 0;  ///< The same over the beats with number 1.
  double cml_t = 0;       ///< Correct metrical level, total (Hainsworth 2004; Klapuri et al. 2006).
  double aml_t = 0;       ///< Any allowed metrical level, total.
};

/// Requires: both by time.
BeatScore score_beats(const std::vector<Beat>& reference, const std::vector<Beat>& estimate);

/// Scores of one recording in one vocabulary at one window.
struct RecordingScore {
  std::string name;
  std::vector<ClassScore> classes;
  /// n x n, row = reference class, column = what was heard within the window instead, row-major;
  /// the diagonal holds the matched pairs.
  std::vector<int> confusion;
  std::optional<std::vector<Counts>> slots;  ///< Per class, where the reference knows its bars.
  std::optional<BeatScore> beats;

  Counts total() const;
};

/// Requires: both by time.
RecordingScore score_recording(const std::string& name, const std::vector<Hit>& reference,
                               const std::vector<Hit>& estimate, const Vocabulary& vocabulary,
                               double window_s);

/// Hits whose drum, bar and position inside the bar are right, per class.
///
/// A hit is right when it is written at most half a sixteenth from where the reference's clock puts
/// the stroke, across a bar line too. Bars are numbered from an arbitrary start, so the one
/// constant shift of bar numbers that gives the most right hits is taken. Hits of the short bars
/// before the first whole one are counted from the end of their bar.
std::vector<Counts> score_slots(const WrittenPart& reference, const WrittenPart& estimate,
                                const Vocabulary& vocabulary);

// --- Figures over recordings ---------------------------------------------------------------------

struct Interval {
  double low = 0;
  double high = 0;
};

struct ClassSummary {
  std::string id;  ///< Class id, or "all".
  Counts counts;
  std::optional<Interval> f_interval;  ///< 95 %, bootstrap over recordings; needs two of them.
  std::optional<double> mean_f;        ///< Mean over the recordings in which F is defined.
  std::optional<Interval> mean_f_interval;
  std::optional<double> median_error_s;  ///< Estimate minus reference.
  std::optional<double> spread_s;        ///< Interquartile range of the errors.
  std::optional<double> velocity_r;      ///< Pearson, over pairs whose velocities are known.
  std::optional<Counts> slots;
};

struct Summary {
  ClassSummary all;  ///< Pooled over classes ("sum-F").
  std::vector<ClassSummary> classes;
  std::optional<double> macro_f;   ///< Mean over classes of their pooled F.
  std::optional<BeatScore> beats;  ///< Mean over recordings.
};

/// Every bootstrap draws the same samples, so the same input always gives the same interval.
Summary summarise(const std::vector<RecordingScore>& recordings, const Vocabulary& vocabulary);

/// A passage with many mistakes.
struct Passage {
  std::string recording;
  double start_s = 0;
  double end_s = 0;
  std::vector<int> missed;  ///< Per class.
  std::vector<int> extra;

  int n_mistakes() const;
};

/// The `n` passages of 4 s with the most mistakes, worst first. Passages start at multiples of
/// their length, so they do not overlap.
std::vector<Passage> worst_passages(const std::vector<RecordingScore>& recordings, int n);

}  // namespace fyr
