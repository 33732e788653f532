// SPDX-License-Identifier: GPL-3.0-or-later

/// What every subcommand looks like: one pair of files with one `add_<name>_command`.
///
/// It declares its options on a subcommand of `app` and sets `action` when that subcommand was
/// given. The action runs after the whole command line was understood; it throws fyr::Error for
/// what `run` turns into a message and an exit code.
#pragma once

#include <functional>

namespace fyr::app {

enum class ExitCode {
  Done = 0,
  SomeFailed = 1,  ///< Several inputs, at least one of which failed.
  Usage = 2,
  Input = 3,
  Output = 4,
  Internal = 5,
  Interrupted = 130,
};

using Action = std::function<ExitCode()>;

}  // namespace fyr::app
