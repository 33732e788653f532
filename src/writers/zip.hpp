// SPDX-License-Identifier: GPL-3.0-or-later

/// Zip archives in memory; libzip does the work.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fyr {

/// What every archive with something in it begins with:
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7.
inline constexpr std::string_view kZipSignature = "PK\3\4";

struct ZipEntry {
  std::string name;  ///< With "/" between folders.
  std::string_view bytes;
};

/// An archive of the entries in their order. All are dated 1980-01-01, the first day that zip
/// knows, so that the same entries always give the same bytes. Throws OutputError, which says that
/// it cannot compress `what`, "the score".
std::string zip(const std::vector<ZipEntry>& entries, const std::string& what);

/// The bytes of those entries that `names` holds, by name; others are not unpacked. Throws
/// InputError with the cause alone ("it is not a zip archive …") where there is none, it is damaged
/// or they are more than `most_bytes` together; the caller names the file.
std::map<std::string, std::string> unzip(const std::string& archive,
                                         const std::set<std::string>& names,
                                         std::size_t most_bytes);

}  // namespace fyr
