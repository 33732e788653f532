// SPDX-License-Identifier: GPL-3.0-or-later
#include <ostream>
#include <sstream>

#include "fyr/writers.hpp"
#include "writers/zip.hpp"

namespace fyr {
namespace {

/// MuseScore looks here for the name of the score inside.
constexpr std::string_view kContainer = R"(<?xml version="1.0" encoding="UTF-8"?>
<container>
  <rootfiles>
    <rootfile full-path="score.mscx"/>
  </rootfiles>
</container>
)";

}  // namespace

void write_mscz(const Score& score, std::ostream& out) {
  std::ostringstream mscx;
  write_mscx(score, mscx);
  out << zip({{"META-INF/container.xml", kContainer}, {"score.mscx", mscx.view()}}, "the score");
}

}  // namespace fyr
