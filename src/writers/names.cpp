// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/names.hpp"

namespace fyr {

const char* duration_name(int denominator) {
  switch (denominator) {
    case 1:
      return "whole";
    case 2:
      return "half";
    case 4:
      return "quarter";
    case 8:
      return "eighth";
    case 16:
      return "16th";
    case 32:
      return "32nd";
    default:
      return "64th";
  }
}

const char* swing_name(const Swing& swing) { return swing.of_eighths() ? "Swing" : "Swing 16ths"; }

const char* dynamic_name(Dynamic dynamic) {
  switch (dynamic) {
    case Dynamic::P:
      return "p";
    case Dynamic::Mp:
      return "mp";
    case Dynamic::Mf:
      return "mf";
    case Dynamic::F:
      return "f";
    case Dynamic::Ff:
      return "ff";
  }
  return "mf";
}

}  // namespace fyr
