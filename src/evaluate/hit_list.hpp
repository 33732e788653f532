// SPDX-License-Identifier: GPL-3.0-or-later

/// Lists of hits, as fyr writes them and as editors, spreadsheets and Audacity save them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fyr {

struct ListedHit {
  int line = 0;  ///< In the file, from 1.
  double time_s = 0;
  std::string drum;
  std::optional<int> velocity;  ///< 0..127.
  std::optional<double> confidence;
};

struct HitList {
  struct Problem {
    int line = 0;
    std::string cause;
  };
  std::vector<ListedHit> hits;    ///< As they stand in the file.
  std::vector<Problem> problems;  ///< Lines that are no hits, or the whole file without any.
};

/// Reads `time_s,drum[,velocity[,confidence]]`, or the columns of these names if the first row is a
/// heading, or an Audacity label track (`start<tab>end<tab>drum`). Messages call the text `name`.
/// Throws what read_table throws.
HitList read_hit_list(std::string_view text, const std::string& name);

/// One hit of a list from its fields, of which velocity and confidence may be empty. Throws
/// InputError with the cause alone.
ListedHit parse_hit(int line, std::string_view time, std::string_view drum,
                    std::string_view velocity, std::string_view confidence);

}  // namespace fyr
