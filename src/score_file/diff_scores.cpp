// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <iterator>

#include "fyr/drum.hpp"
#include "fyr/error.hpp"
#include "fyr/score_file.hpp"
#include "number.hpp"
#include "score_file/align_bars.hpp"

namespace fyr {
namespace {

constexpr double kEqualTempo = 0.002;  ///< Nobody hears or sees less.

bool same_place(const MscxNote& a, const MscxNote& b) {
  return a.position == b.position && a.pitch == b.pitch && a.grace == b.grace;
}

class Differ {
 public:
  Differ(const MscxScore& before, const MscxScore& after, const ScoreDiffOptions& options)
      : before_(before), after_(after), options_(options) {}

  std::vector<ScoreDifference> run() {
    if (before_.staves.size() != after_.staves.size()) {
      add(ScoreDifference::Kind::Changed, "score",
          std::to_string(before_.staves.size()) + " staves -> " +
              std::to_string(after_.staves.size()));
    }
    const std::size_t n_staves = std::min(before_.staves.size(), after_.staves.size());
    for (std::size_t i = 0; i < n_staves; ++i) {
      bpm_ = {};
      for (const BarPair& pair : align_bars(before_.staves[i], after_.staves[i])) {
        const MscxBar* one = pair.before ? &before_.staves[i][*pair.before] : nullptr;
        const MscxBar* two = pair.after ? &after_.staves[i][*pair.after] : nullptr;
        compare(one, two);
      }
    }
    return std::move(found_);
  }

 private:
  void add(ScoreDifference::Kind kind, const std::string& place, const std::string& text) {
    found_.push_back({kind, place, text});
  }

  void compare(const MscxBar* one, const MscxBar* two) {
    if (one == nullptr || two == nullptr) {
      const MscxBar& bar = one == nullptr ? *two : *one;
      add(one == nullptr ? ScoreDifference::Kind::Added : ScoreDifference::Kind::Removed, bar.name,
          "the whole bar, notes: " + std::to_string(bar.notes.size()));
      if (!bar.tempi.empty()) {
        bpm_[one == nullptr ? 1 : 0] = 60 * bar.tempi.back().quarters_per_s;
        another_tempo_ = true;
      }
      return;
    }
    if (one->meter != two->meter) {
      add(ScoreDifference::Kind::Changed, two->name,
          "time signature " + one->meter + " -> " + two->meter);
    } else if (one->length != two->length) {
      add(ScoreDifference::Kind::Changed, two->name,
          "length " + to_string(one->length) + " -> " + to_string(two->length));
    }
    if (options_.tempo) compare_tempi(*one, *two);
    compare_notes(*one, *two);
  }

  /// Where either score sets a tempo, in this bar or in one before that the other lacks, the tempi
  /// that hold from there on are compared.
  void compare_tempi(const MscxBar& one, const MscxBar& two) {
    std::vector<Fraction> positions;
    if (another_tempo_) positions.emplace_back(0);
    another_tempo_ = false;
    for (const MscxTempo& tempo : one.tempi) positions.push_back(tempo.position);
    for (const MscxTempo& tempo : two.tempi) positions.push_back(tempo.position);
    std::ranges::sort(positions);
    // Not std::ranges::unique: Debian's clang 14 cannot compile GCC 12's.
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
    for (const Fraction position : positions) {
      for (std::size_t i = 0; i < 2; ++i) {
        for (const MscxTempo& tempo : i == 0 ? one.tempi : two.tempi) {
          if (tempo.position == position) bpm_[i] = 60 * tempo.quarters_per_s;
        }
      }
      const auto [slow, fast] = std::minmax(bpm_[0], bpm_[1]);
      if (fast - slow <= kEqualTempo * fast) continue;
      add(ScoreDifference::Kind::Changed, two.beat_at(position),
          "tempo " + tempo_text(bpm_[0]) + " -> " + tempo_text(bpm_[1]));
    }
  }

  static std::string tempo_text(double bpm) { return bpm > 0 ? to_text(bpm) : "none"; }

  void compare_notes(const MscxBar& one, const MscxBar& two) {
    const std::size_t first = found_.size();
    std::vector<MscxNote> added = two.notes;
    std::vector<std::pair<Fraction, std::size_t>> order;
    for (const MscxNote& note : one.notes) {
      const auto same = std::ranges::find_if(
          added, [&](const MscxNote& other) { return same_place(note, other); });
      if (same == added.end()) {
        add(ScoreDifference::Kind::Removed, one.beat_at(note.position), text_of(note, before_));
      } else {
        compare_note(note, *same, two.beat_at(note.position));
        added.erase(same);
      }
      while (order.size() < found_.size() - first) order.emplace_back(note.position, order.size());
    }
    for (const MscxNote& note : added) {
      add(ScoreDifference::Kind::Added, two.beat_at(note.position), text_of(note, after_));
      order.emplace_back(note.position, order.size());
    }
    sort_from(first, order);
  }

  /// Puts the differences from `first` on into the order of their positions.
  void sort_from(std::size_t first, std::vector<std::pair<Fraction, std::size_t>>& order) {
    std::ranges::sort(order);
    std::vector<ScoreDifference> sorted;
    for (const auto& [position, index] : order) sorted.push_back(found_[first + index]);
    std::ranges::copy(sorted, found_.begin() + static_cast<std::ptrdiff_t>(first));
  }

  void compare_note(const MscxNote& one, const MscxNote& two, const std::string& place) {
    std::string changes;
    if (one.ghost != two.ghost) changes = one.ghost ? ", no ghost note any more" : ", ghost note";
    for (const std::string& mark : without(one.marks, two.marks)) {
      changes += ", no " + mark + " any more";
    }
    for (const std::string& mark : without(two.marks, one.marks)) changes += ", " + mark;
    if (options_.velocities && one.velocity != two.velocity) {
      changes +=
          ", velocity " + std::to_string(one.velocity) + " -> " + std::to_string(two.velocity);
    }
    if (changes.empty()) return;
    add(ScoreDifference::Kind::Changed, place, name_of(two, after_) + changes);
  }

  /// Of two sorted lists what the second lacks.
  static std::vector<std::string> without(const std::vector<std::string>& marks,
                                          const std::vector<std::string>& others) {
    std::vector<std::string> rest;
    std::ranges::set_difference(marks, others, std::back_inserter(rest));
    return rest;
  }

  static std::string name_of(const MscxNote& note, const MscxScore& score) {
    for (const DrumInfo& drum : kDrums) {
      if (drum.midi_key == note.pitch) return std::string(drum.id);
    }
    const auto named = score.names.find(note.pitch);
    return named != score.names.end() ? named->second : "MIDI key " + std::to_string(note.pitch);
  }

  std::string text_of(const MscxNote& note, const MscxScore& score) const {
    std::string text = name_of(note, score);
    if (note.grace) text += " grace note";
    if (note.ghost) text += " ghost note";
    for (const std::string& mark : note.marks) text += ", " + mark;
    if (options_.velocities && note.velocity > 0) {
      text += " (velocity " + std::to_string(note.velocity) + ")";
    }
    return text;
  }

  const MscxScore& before_;
  const MscxScore& after_;
  const ScoreDiffOptions& options_;
  std::array<double, 2> bpm_{};  ///< That holds, in each.
  bool another_tempo_ = false;   ///< Set by a bar that has no partner.
  std::vector<ScoreDifference> found_;
};

/// Notes in bars of the wrong length can still be compared; a file without bars, or with numbers
/// that make no sense, can't.
MscxScore read_or_throw(std::string_view text) {
  std::vector<ScoreFinding> findings;
  MscxScore score = read_mscx(text, MscxVersions::NewerToo, findings);
  if (score.staves.empty()) throw InputError(findings.front().message);
  for (const std::vector<MscxBar>& staff : score.staves) {
    for (const MscxBar& bar : staff) {
      if (!bar.bad_number.empty()) throw InputError(bar.bad_number);
    }
  }
  return score;
}

}  // namespace

std::vector<ScoreDifference> diff_scores(std::string_view before, std::string_view after,
                                         const ScoreDiffOptions& options) {
  const MscxScore one = read_or_throw(before);
  const MscxScore two = read_or_throw(after);
  return Differ(one, two, options).run();
}

}  // namespace fyr
