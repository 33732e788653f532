// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_path.hpp"

#include <sys/auxv.h>

#include <system_error>
#include <vector>

#include "fyr/error.hpp"

namespace fyr::app {
namespace {

namespace fs = std::filesystem;

/// Where this program lies. A bare chroot has no /proc; what the program was started as does then.
fs::path executable() {
  std::error_code error;
  fs::path path = fs::read_symlink("/proc/self/exe", error);
  if (!error) return path;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the kernel's list holds addresses as numbers.
  const auto* started_as = reinterpret_cast<const char*>(getauxval(AT_EXECFN));
  return started_as == nullptr ? fs::path() : fs::canonical(started_as, error);
}

std::vector<fs::path> candidates() {
  std::error_code ignored;
  const fs::path folder = executable().parent_path();
  std::vector<fs::path> paths = {folder.parent_path() / "share/fyr/drums.safetensors"};
  if (fs::equivalent(folder, FYR_BUILD_DIR, ignored)) paths.emplace_back(FYR_SOURCE_MODEL);
  return paths;
}

}  // namespace

std::optional<fs::path> shipped_model() {
  std::error_code ignored;
  for (const fs::path& path : candidates()) {
    if (fs::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

fs::path model_if_any(const fs::path& given) {
  return given.empty() ? shipped_model().value_or(fs::path()) : given;
}

fs::path model_path(const fs::path& given) {
  if (fs::path path = model_if_any(given); !path.empty()) return path;
  throw InputError("no model found: there is no \"" + candidates().back().string() +
                   "\"; name one with --model FILE or in FYR_MODEL");
}

}  // namespace fyr::app
