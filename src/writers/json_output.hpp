// SPDX-License-Identifier: GPL-3.0-or-later

/// JSON: what the writers share.
#pragma once

#include <cmath>
#include <iosfwd>
#include <nlohmann/json.hpp>

namespace fyr {

using OrderedJson = nlohmann::ordered_json;

/// To a tenth of a millisecond, or of a thousandth: the rest is noise that would fill the file.
inline double rounded(double value) { return std::round(value * 1e4) / 1e4; }

/// Indented, with a final newline; bytes that are not UTF-8 become U+FFFD.
inline void write_document(const OrderedJson& document, std::ostream& out) {
  out << document.dump(1, ' ', false, OrderedJson::error_handler_t::replace) << '\n';
}

}  // namespace fyr
