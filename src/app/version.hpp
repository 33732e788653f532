// SPDX-License-Identifier: GPL-3.0-or-later

/// What `fyr --version` prints.
#pragma once

#include <string>

namespace fyr::app {

/// Program version, the id of the model that would be used, and the instructions it would run with.
std::string version_text();

}  // namespace fyr::app
