// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "score/tab.hpp"

namespace fyr::testing {

Rhythm groove() {
  Rhythm rhythm;
  add_tab(rhythm, {4, 4}, {{Drum::Snare, "xX"}}, 480);
  add_tab(rhythm, {4, 4},
          {{Drum::Crash, "x---------------"},
           {Drum::ClosedHiHat, "--x-x-x-x-x-x-x-"},
           {Drum::Snare, "----x-------x---"},
           {Drum::Kick, "x-------x-x-----"}});
  add_tab(rhythm, {4, 4},
          {{Drum::ClosedHiHat, "x-xxx-x-x-xxx---"},
           {Drum::OpenHiHat, "--------------x-"},
           {Drum::Snare, "-g--x--g-g--x--g"},
           {Drum::Kick, "x--x------xx----"}});
  add_tab(rhythm, {4, 4},
          {{Drum::Snare, "x-x-----X-xxf---"},
           {Drum::HighTom, "----x-x---------"},
           {Drum::FloorTom, "---------------x"},
           {Drum::PedalHiHat, "x---x---x---x---"}});
  add_tab(rhythm, {4, 4},
          {{Drum::Crash, "--x-----c-------"},
           {Drum::Snare, "x---X-----------"},
           {Drum::Kick, "--x-----x-------"}});
  return rhythm;
}

Rhythm triplets() {
  Rhythm rhythm;
  rhythm.swing.share = 0.66;
  add_tab(rhythm, {4, 4},
          {{Drum::Ride, "x--x-xx--x-x"},
           {Drum::PedalHiHat, "---x-----x--"},
           {Drum::Snare, "-----g----g-"},
           {Drum::Kick, "x----------x"}});
  add_tab(rhythm, {3, 4},
          {{Drum::Snare, "xxxxxxx--x-xx-----"}, {Drum::Kick, "x-----x-----x-----"}});
  add_tab(rhythm, {3, 4}, {{Drum::Snare, "d-----r-----"}});
  return rhythm;
}

Rhythm meters() {
  Rhythm rhythm;
  add_tab(rhythm, {7, 8},
          {{Drum::Ride, "xxxxxxx"}, {Drum::Snare, "---x-x-"}, {Drum::Kick, "x-x---x"}});
  add_tab(rhythm, {6, 8},
          {{Drum::ClosedHiHat, "x-x-x-x-x-x-"},
           {Drum::SideStick, "------x-----"},
           {Drum::Kick, "x----x------"}});
  add_tab(rhythm, {5, 4}, {{Drum::RideBell, "xxxxx"}, {Drum::Kick, "x--x-"}});
  add_tab(rhythm, {2, 4}, {{Drum::Kick, "xx"}});
  add_tab(rhythm, {2, 4}, {});
  add_tab(rhythm, {2, 4}, {{Drum::Percussion, "x---?---"}});
  return rhythm;
}

std::string written(Writer write, const Rhythm& rhythm, const ScoreOptions& options) {
  std::ostringstream out;
  write(build_score(rhythm, options), out);
  return out.str();
}

std::string written(Writer write, const Rhythm& rhythm, double doubt_below) {
  ScoreOptions options;
  options.title = "Golden \"R&B\" \\o/";
  options.composer = "Nobody";
  options.doubt_below = doubt_below;
  return written(write, rhythm, options);
}

void expect_golden(const std::string& text, const std::string& name) {
  const std::string path = std::string(FYR_TEST_DATA) + "/score/" + name;
  if (std::getenv("FYR_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  const std::string golden(std::istreambuf_iterator<char>(file), {});
  EXPECT_TRUE(text == golden) << "differs from " << path
                              << "; look at it, then run with FYR_WRITE_GOLDEN=1";
}

}  // namespace fyr::testing
