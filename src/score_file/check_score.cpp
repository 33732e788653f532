// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "fyr/drum.hpp"
#include "fyr/score_file.hpp"
#include "score_file/mscx_score.hpp"

namespace fyr {
namespace {

constexpr std::ptrdiff_t kHands = 2;

bool wants_a_hand(const MscxNote& note) {
  const auto drum = std::ranges::find(kDrums, note.pitch, &DrumInfo::midi_key);
  return drum != kDrums.end() && takes_a_hand(drum->drum);
}

class Checker {
 public:
  Checker(const MscxScore& score, std::vector<ScoreFinding>& findings)
      : score_(score), findings_(findings) {}

  void check(const MscxBar& bar) {
    for (std::size_t i = 0; i < bar.voices.size(); ++i) check_voice(bar, i);
    for (const MscxNote& note : bar.notes) check_note(bar, note);
    for (auto it = bar.notes.begin(); it != bar.notes.end();) {
      const auto end = std::find_if(
          it, bar.notes.end(), [&](const MscxNote& note) { return note.position != it->position; });
      check_moment(bar, {it, end});
      it = end;
    }
  }

 private:
  void add(ScoreFinding::Severity severity, const std::string& place, const std::string& message) {
    findings_.push_back({severity, place, message});
  }

  /// MuseScore: voice 1 has to fill the bar exactly, the others may not be longer.
  void check_voice(const MscxBar& bar, std::size_t index) {
    const MscxVoice& voice = bar.voices[index];
    // One that is empty keeps its place before another.
    const bool fits = index == 0 ? voice.length == bar.length : voice.length <= bar.length;
    if (fits) return;
    const std::string place = bar.name + ", voice " + std::to_string(index + 1);
    if (voice.empty) {
      add(ScoreFinding::Severity::Error, place, "an empty <voice>");
    } else {
      add(ScoreFinding::Severity::Error, place,
          "it lasts " + to_string(voice.length) + " instead of " + to_string(bar.length));
    }
  }

  void check_note(const MscxBar& bar, const MscxNote& note) {
    if (score_.heads.empty()) return;  // Not a drum part.
    const auto mapped = score_.heads.find(note.pitch);
    const std::string key = "MIDI key " + std::to_string(note.pitch);
    if (mapped == score_.heads.end()) {
      add(ScoreFinding::Severity::Error, bar.name, key + " is not in the drum map");
    } else if (!note.head.empty() && note.head != mapped->second) {
      add(ScoreFinding::Severity::Warning, bar.name,
          key + " has head \"" + note.head + "\", but the drum map's \"" + mapped->second +
              "\" is drawn");
    }
  }

  /// What sounds together.
  void check_moment(const MscxBar& bar, std::vector<MscxNote> notes) {
    std::erase_if(notes, &MscxNote::grace);
    std::ranges::sort(notes, {}, &MscxNote::pitch);
    const auto twice = std::ranges::adjacent_find(notes, {}, &MscxNote::pitch);
    if (twice != notes.end()) {
      add(ScoreFinding::Severity::Warning, bar.beat_at(twice->position),
          "MIDI key " + std::to_string(twice->pitch) + " stands twice");
    }
    const auto n_hands = std::ranges::count_if(notes, wants_a_hand);
    if (!score_.heads.empty() && n_hands > kHands) {
      add(ScoreFinding::Severity::Warning, bar.beat_at(notes.front().position),
          std::to_string(n_hands) + " drums want a hand each");
    }
  }

  const MscxScore& score_;
  std::vector<ScoreFinding>& findings_;
};

}  // namespace

std::vector<ScoreFinding> check_score(std::string_view mscx) {
  std::vector<ScoreFinding> findings;
  const MscxScore score = read_mscx(mscx, MscxVersions::Ours, findings);
  Checker checker(score, findings);
  for (const auto& staff : score.staves) {
    for (const MscxBar& bar : staff) checker.check(bar);
  }
  return findings;
}

}  // namespace fyr
