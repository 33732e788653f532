// SPDX-License-Identifier: GPL-3.0-or-later

/// A small score that MuseScore accepts, and one broken variant for each of its rules.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fyr::testing {

/// One 4/4 bar at 120: hands with a triplet and a snare on beat 3, feet in voice 2.
const std::string& good_score();

/// `document` with the first `from` replaced, which must be there.
std::string changed(std::string document, std::string_view from, std::string_view to);

/// What becomes of a broken score in MuseScore 3.2.
enum class Asked {
  Tells,    ///< It refuses, complains, or plays something else than of the good score.
  Drops,    ///< It leaves out what it does not know, without a word.
  Crashes,  ///< It cannot be asked.
};

struct BrokenScore {
  std::string name;
  std::string document;
  std::string message;  ///< Part of what fyr says about it.
  Asked asked = Asked::Tells;
};

std::vector<BrokenScore> broken_scores();

}  // namespace fyr::testing
