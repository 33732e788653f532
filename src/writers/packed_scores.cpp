// SPDX-License-Identifier: GPL-3.0-or-later
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

#include "fyr/writers.hpp"
#include "writers/zip.hpp"

namespace fyr {
namespace {

/// Programs look into META-INF/container.xml for the name of the score inside.
void write_packed(const std::string& name, std::string_view score, std::ostream& out) {
  const std::string container = R"(<?xml version="1.0" encoding="UTF-8"?>
<container>
  <rootfiles>
    <rootfile full-path=")" + name +
                                R"("/>
  </rootfiles>
</container>
)";
  out << zip({{"META-INF/container.xml", container}, {name, score}}, "the score");
}

}  // namespace

void write_mscz(const Score& score, std::ostream& out) {
  std::ostringstream mscx;
  write_mscx(score, mscx);
  write_packed("score.mscx", mscx.view(), out);
}

void write_mxl(const Score& score, std::ostream& out) {
  std::ostringstream musicxml;
  write_musicxml(score, musicxml);
  write_packed("score.musicxml", musicxml.view(), out);
}

}  // namespace fyr
