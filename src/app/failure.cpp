// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/failure.hpp"

#include <filesystem>
#include <new>

#include "fyr/error.hpp"

namespace fyr::app {

Failure failure_of(const std::exception& error) {
  const std::string what = error.what();
  if (dynamic_cast<const UsageError*>(&error) != nullptr) return {ExitCode::Usage, what};
  if (dynamic_cast<const InputError*>(&error) != nullptr) return {ExitCode::Input, what};
  if (dynamic_cast<const OutputError*>(&error) != nullptr) return {ExitCode::Output, what};
  if (const auto* unreachable = dynamic_cast<const std::filesystem::filesystem_error*>(&error)) {
    return {ExitCode::Input, "cannot reach \"" + unreachable->path1().string() + "\": " +
                                 unreachable->code().message() + "; check its permissions"};
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return {ExitCode::Internal, "out of memory; close other programs or split the recording"};
  }
  return {ExitCode::Internal, "internal error: " + what + "; please report it"};
}

std::string failed_text(std::size_t n_failed, std::size_t n_inputs) {
  return std::to_string(n_failed) + " of " + std::to_string(n_inputs) + " recordings failed" +
         (n_failed < n_inputs ? "; the others are done" : "");
}

}  // namespace fyr::app
