// SPDX-License-Identifier: GPL-3.0-or-later

/// Zip archives in memory; libzip does the work.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fyr {

struct ZipEntry {
  std::string name;  ///< With "/" between folders.
  std::string_view bytes;
};

/// An archive of the entries in their order. All are dated 1980-01-01, the first day that zip
/// knows, so that the same entries always give the same bytes. Throws OutputError.
std::string zip(const std::vector<ZipEntry>& entries);

}  // namespace fyr
