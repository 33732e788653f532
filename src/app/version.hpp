// SPDX-License-Identifier: GPL-3.0-or-later

/// What `fyr --version` prints.
#pragma once

#include <string>

namespace fyr::app {

/// Program version and the id of the model that would be used.
std::string version_text();

}  // namespace fyr::app
