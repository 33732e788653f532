// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/musescore.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <string_view>
#include <system_error>

#include "app/child_process.hpp"
#include "app/interrupt.hpp"
#include "app/musescore_program.hpp"
#include "fyr/error.hpp"
#include "fyr/writers.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPageDigits = 5;
constexpr const char* kResolution_dpi = "150";  ///< A page of A4 is 1240 pixels wide.

/// For MuseScore's home as well: the user's own settings stay out of the picture.
class Workshop {
 public:
  Workshop() : path_(name()) {
    int error = 0;
    {
      const Uninterrupted uninterrupted;
      if (mkdtemp(path_.data()) == nullptr) error = errno;
      if (error == 0) on_interrupt_.emplace(path_);
    }
    if (error != 0) refuse(std::generic_category().message(error));
  }
  ~Workshop() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  fs::path path() const { return path_; }

  [[noreturn]] void refuse_to_draw(const std::string& why) const {
    throw OutputError(why + "; make room in the folder of temporary files, \"" +
                      path().parent_path().string() + "\", or name another place with TMPDIR");
  }

  /// A file in it. Throws OutputError if it can't be written.
  template <typename Write>
  void write(const fs::path& name, const Write& write) const {
    errno = 0;
    std::ofstream file(path() / name, std::ios::binary);
    write(file);
    file.close();
    if (!file) {
      refuse_to_draw("cannot write what MuseScore is to draw: " +
                     std::generic_category().message(errno));
    }
  }

 private:
  static std::string name() {
    std::error_code error;
    const fs::path folder = fs::temp_directory_path(error);
    if (error) refuse(error.message());
    return folder / "fyr-XXXXXX";
  }

  [[noreturn]] static void refuse(const std::string& why) {
    throw OutputError("cannot create a temporary folder for MuseScore: " + why +
                      "; name another place with TMPDIR");
  }

  std::string path_;
  std::optional<TemporaryFolder> on_interrupt_;
};

const char* extension(Picture kind) {
  switch (kind) {
    case Picture::Pdf:
      return ".pdf";
    case Picture::Png:
      return ".png";
    case Picture::Measures:
      return ".mpos";
    case Picture::Segments:
      return ".spos";
    case Picture::Svg:
      break;
  }
  return ".svg";
}

/// What a picture ends with, line ends aside.
std::string_view ending_of(Picture kind) {
  switch (kind) {
    case Picture::Pdf:
      return "%%EOF";
    case Picture::Png:
      return "IEND\xAE\x42\x60\x82";
    case Picture::Measures:
    case Picture::Segments:
      return "</score>";
    case Picture::Svg:
      break;
  }
  return "</svg>";
}

bool is_whole(std::string_view page, Picture kind) {
  page = page.substr(0, page.find_last_not_of(" \t\r\n") + 1);
  return page.ends_with(ending_of(kind));
}

/// MuseScore's pictures have no background unless its settings ask for one.
void write_settings(const Workshop& workshop) {
  const fs::path folder = "config/MuseScore";
  fs::create_directories(workshop.path() / folder);
  for (const char* program : {"MuseScore3", "MuseScore4"}) {
    workshop.write(folder / (std::string(program) + ".ini"),
                   [](std::ostream& file) { file << "[export]\npng\\useTransparency=false\n"; });
  }
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string padded(int number, std::size_t n_digits) {
  const std::string digits = std::to_string(number);
  return std::string(n_digits - std::min(n_digits, digits.size()), '0') + digits;
}

/// MuseScore numbers pages with as many digits as the last one needs: score-1.png of nine pages,
/// score-01.png of ten.
std::vector<std::string> read_pages(const fs::path& folder, Picture kind) {
  if (kind != Picture::Png && kind != Picture::Svg) {
    const fs::path page = folder / (std::string("score") + extension(kind));
    if (!fs::exists(page)) return {};
    return {read(page)};
  }
  std::vector<std::string> pages;
  for (std::size_t n_digits = 1; pages.empty() && n_digits <= kMostPageDigits; ++n_digits) {
    for (int number = 1;; ++number) {
      const fs::path page = folder / ("score-" + padded(number, n_digits) + extension(kind));
      if (!fs::exists(page)) break;
      pages.push_back(read(page));
    }
  }
  return pages;
}

std::vector<std::string> engrave_in(const Workshop& workshop, const fs::path& program,
                                    const Score& score, Picture kind) {
  const fs::path folder = workshop.path();
  write_settings(workshop);
  workshop.write("score.mscx", [&](std::ostream& file) { write_mscx(score, file); });
  std::vector<std::string> arguments{"-o", folder / (std::string("score") + extension(kind)),
                                     folder / "score.mscx"};
  if (kind == Picture::Png) arguments.insert(arguments.begin(), {"-r", kResolution_dpi});
  const int exit_code = run_program(program, arguments,
                                    {{"QT_QPA_PLATFORM", "offscreen"},
                                     {"HOME", folder.string()},
                                     {"TMPDIR", folder.string()},
                                     {"XDG_CONFIG_HOME", folder / "config"},
                                     {"XDG_DATA_HOME", folder / "data"},
                                     {"XDG_RUNTIME_DIR", folder.string()}});
  std::vector<std::string> pages = read_pages(folder, kind);
  // Its exit code says little: it is 0 after most failures.
  if (exit_code != 0 || pages.empty()) {
    throw OutputError("\"" + program.string() + "\" could not draw the score (exit code " +
                      std::to_string(exit_code) +
                      "); try whether it opens the mscx format, or name another MuseScore with "
                      "FYR_MUSESCORE");
  }
  const auto whole = [&](const std::string& page) { return is_whole(page, kind); };
  if (!std::ranges::all_of(pages, whole)) {
    workshop.refuse_to_draw("\"" + program.string() + "\" drew only a part of the score");
  }
  return pages;
}

}  // namespace

std::vector<std::string> engrave(const Score& score, Picture kind) {
  const fs::path program = find_musescore();
  // It takes 100 MB and cores of its own; one at a time is enough.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const Workshop workshop;
  try {
    return engrave_in(workshop, program, score, kind);
  } catch (const fs::filesystem_error& error) {
    workshop.refuse_to_draw("cannot draw the score: " + error.code().message());
  }
}

}  // namespace fyr::app
