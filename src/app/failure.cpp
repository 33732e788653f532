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

void Endings::add(ExitCode code) {
  if (code != ExitCode::Done) ++n_failed_;
  if (code == ExitCode::Input) ++n_unreadable_;
  if (code == ExitCode::Output) ++n_unwritable_;
  if (code == ExitCode::Internal) is_internal_ = true;
}

std::string Endings::failed_text() const {
  return std::to_string(n_failed_) + " of " + std::to_string(n_inputs_) + " recordings failed" +
         (n_failed_ < n_inputs_ ? "; the others are done" : "");
}

ExitCode Endings::exit_code() const {
  if (n_failed_ == 0) return ExitCode::Done;
  if (is_internal_) return ExitCode::Internal;
  if (n_unreadable_ == n_inputs_) return ExitCode::Input;
  return n_unwritable_ == n_inputs_ ? ExitCode::Output : ExitCode::SomeFailed;
}

}  // namespace fyr::app
