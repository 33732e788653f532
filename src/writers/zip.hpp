// SPDX-License-Identifier: GPL-3.0-or-later

/// Zip archives in memory; libzip does the work.
#pragma once

#include <map>
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
/// knows, so that the same entries always give the same bytes. Throws OutputError.
std::string zip(const std::vector<ZipEntry>& entries);

/// The entries' bytes by name. Throws InputError with the cause alone ("it is not a zip archive
/// …"); the caller names the file.
std::map<std::string, std::string> unzip(const std::string& archive);

}  // namespace fyr
