// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page_options.hpp"

#include <CLI/CLI.hpp>
#include <string>

#include "app/value_checks.hpp"
#include "fyr/score.hpp"

namespace fyr::app {
namespace {

NotationStyle style_named(const std::string& name) {
  return name == "musescore"  ? NotationStyle::MuseScore
         : name == "agostini" ? NotationStyle::Agostini
                              : NotationStyle::Weinberg;
}

}  // namespace

void add_page_options(CLI::App& command, ScoreOptions& score) {
  constexpr const char* kGroup = "Score";
  command
      .add_option("--title", score.title,
                  "Title on the score (default: the recording's tag, else its file's name)")
      ->type_name("TEXT")
      ->group(kGroup);
  command
      .add_option("--artist", score.composer,
                  "Artist or composer on the score (default: the recording's tag)")
      ->type_name("TEXT")
      ->group(kGroup);
  command
      .add_option("--voices", score.n_voices,
                  "2: hands with stems up, feet with stems down; 1: all stems up (default: 2)")
      ->type_name("N")
      ->transform(whole_number_between(1, 2))
      ->group(kGroup);
  command
      .add_option_function<std::string>(
          "--style", [&score](const std::string& name) { score.style = style_named(name); },
          "Where the drums stand (default: weinberg):\n"
          "weinberg: as the Percussive Arts Society recommends\n"
          "musescore: as MuseScore writes MIDI drums\n"
          "agostini: snare and toms on lines, as in Agostini's method")
      ->type_name("NAME")
      ->check(one_of({"weinberg", "musescore", "agostini"}))
      ->group(kGroup);
}

}  // namespace fyr::app
