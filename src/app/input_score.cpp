// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/input_score.hpp"

#include "app/input_text.hpp"
#include "app/output_format.hpp"
#include "fyr/error.hpp"
#include "fyr/score_file.hpp"
#include "writers/zip.hpp"

namespace fyr::app {
std::string read_score(const std::filesystem::path& path) {
  std::string bytes = read_input(path);
  const bool packed = bytes.starts_with(kZipSignature);
  const OutputFormat* named = output_format_of(path);
  const bool named_packed = path == "-" ? packed : named != nullptr && named->name == "mscz";
  const std::string start = "cannot read \"" + path.string() + "\": ";
  // MuseScore goes by the name, too.
  if (packed && !named_packed) {
    throw InputError(start +
                     "it is a compressed score, or another zip archive; if MuseScore saved " +
                     "it, end its name in .mscz");
  }
  if (!named_packed) return bytes;
  try {
    return unpack_score(bytes);
  } catch (const InputError& error) {
    throw InputError(start + error.what() + "; save it again with fyr or MuseScore");
  }
}

}  // namespace fyr::app
